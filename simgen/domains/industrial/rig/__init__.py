"""Bearing rigs: halls of motors whose bearings spall, are listened to, and are renewed."""
