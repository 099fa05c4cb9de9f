"""CARLA's wire: types, calls and bytes, as CARLA 0.9.15 and 0.9.16 have them; nothing else.

Facts, no code, come from LibCarla (MIT): the order of fields from the client's debug information
and from its headers; what the client tolerates was measured with the official wheel.
"""
