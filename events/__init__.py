"""What happened: one immutable row per change of status of any order, numbered per territory, and the live feed."""
