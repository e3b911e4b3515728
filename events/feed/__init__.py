"""The live feed: every change of an order in a territory, to whoever watches it, in order and without a gap.

PostgreSQL is the truth: it numbers the changes and says that there are new ones. Each process reads each change once
(`stream`), each socket is no more than a place in that sequence (`subscriber`), and the `hub` keeps them all going.
"""
