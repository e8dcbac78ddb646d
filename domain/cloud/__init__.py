"""The device cloud's REST API, from the client's side."""
