"""Which packages each leader could carry: win-sets, the agreement zone, blocks and repairs."""

from winset.room.repair import Repair, find_repair
from winset.room.room import Room, Search, ratify, restrict
from winset.room.scoring import PackageScores
from winset.room.solutions import Solutions, parse_power

__all__ = ["PackageScores", "Repair", "Room", "Search", "Solutions", "find_repair", "parse_power", "ratify", "restrict"]
