"""Real processes, cut off at moments by chance: the browser and the server are killed, the connection is broken."""
