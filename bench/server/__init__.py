"""What the server bears: each module measures one figure, beside a peer in the same run."""
