"""Record the order history, one immutable row per change of status, numbered per territory; stream it live."""
