"""Mock provinces and a mock national system: real servers, each its own process, each showing its view of one synthetic world."""
