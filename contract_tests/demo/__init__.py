"""`liandan demo`: mock provinces and a failing national system as real servers, and the gateway between them."""
