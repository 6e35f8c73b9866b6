"""Which packages each leader could carry: win-sets, the agreement zone, blocks and repairs."""

from winset.room.repair import Repair, find_repair
from winset.room.room import Room, ratify
from winset.room.scoring import PackageScores

__all__ = ["PackageScores", "Repair", "Room", "find_repair", "ratify"]
