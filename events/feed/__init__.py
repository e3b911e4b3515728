"""Stream every change of an order in a territory to the sockets that watch it, in order and without gaps.

PostgreSQL is the source of truth: it numbers the changes and notifies of new ones. Each process reads each change once
(`stream`), each socket is a position in that sequence (`subscriber`), and the `hub` runs the background tasks.
"""
