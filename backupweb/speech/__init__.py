"""Models that turn speech into text: the admin's files, handed out as they are. What is said stays in the browser."""
