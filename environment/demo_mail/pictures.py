"""Small pictures, drawn with rectangles: what a customer photographs, a floor plan, our logo."""

import struct
import zlib

WIDTH, HEIGHT = 240, 160
WALL, FLOOR = (226, 221, 211), (164, 142, 118)
OAK, DARK, METAL = (193, 150, 97), (88, 62, 40), (120, 126, 132)
BLUE, WHITE, RED = (52, 92, 148), (250, 250, 250), (176, 48, 40)

Color = tuple[int, int, int]
Box = tuple[int, int, int, int, Color]  # left, top, right, bottom

SCENES: dict[str, tuple[Box, ...]] = {
    "desk": (
        (30, 70, 210, 80, OAK),
        (36, 80, 44, 140, METAL),
        (196, 80, 204, 140, METAL),
        (150, 80, 194, 120, DARK),
        (152, 84, 192, 98, OAK),
        (156, 104, 197, 118, OAK),
    ),
    "chair": (
        (90, 30, 150, 84, BLUE),
        (84, 88, 156, 100, BLUE),
        (116, 100, 124, 132, METAL),
        (84, 132, 138, 138, METAL),
        (150, 136, 166, 142, RED),
    ),
    "parcel": (
        (60, 50, 180, 140, OAK),
        (114, 50, 126, 140, WHITE),
        (150, 96, 180, 140, DARK),
        (70, 60, 100, 76, WHITE),
    ),
    "scratch": (
        (0, 0, 240, 160, OAK),
        (40, 66, 120, 68, DARK),
        (112, 70, 176, 73, DARK),
        (170, 75, 204, 77, DARK),
    ),
    "lamp": (
        (110, 20, 130, 30, METAL),
        (118, 30, 122, 70, METAL),
        (80, 70, 160, 92, WHITE),
        (120, 70, 160, 92, DARK),
    ),
    "plan": (
        (0, 0, 240, 160, WHITE),
        (20, 20, 220, 23, DARK),
        (20, 137, 220, 140, DARK),
        (20, 20, 23, 140, DARK),
        (217, 20, 220, 140, DARK),
        (110, 20, 113, 90, DARK),
        (40, 40, 90, 60, OAK),
        (40, 80, 90, 100, OAK),
        (140, 50, 190, 110, BLUE),
    ),
    "logo": ((0, 0, 96, 36, BLUE), (12, 8, 30, 28, WHITE), (40, 14, 84, 22, WHITE)),
}


def draw(scene: str, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """:returns: a PNG file of a scene, cut to the given size"""
    rows = _room()
    for box in SCENES[scene]:
        _fill(rows, *box)
    return _png([row[: width * 3] for row in rows[:height]], width)


def _room() -> list[bytearray]:
    return [bytearray(bytes(_shade(line)) * WIDTH) for line in range(HEIGHT)]


def _shade(line: int) -> Color:
    """A wall that darkens towards the floor."""
    red, green, blue = WALL if line < 110 else FLOOR
    return red - line // 8, green - line // 8, blue - line // 8


def _fill(rows: list[bytearray], left: int, top: int, right: int, bottom: int, color: Color):
    for row in rows[top:bottom]:
        row[left * 3 : right * 3] = bytes(color) * (right - left)


def _png(rows: list[bytearray], width: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, len(rows), 8, 2, 0, 0, 0)  # 8 bits, RGB
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", pixels), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
