"""Landscapes out of numbers: every picture of the sample is drawn, nobody's holiday is given away."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 840, 560
SCALE = 2  # drawn twice as large and shrunk, so that edges are soft

Colour = tuple[int, int, int]


def sky(
    top: Colour, bottom: Colour, *, sun: tuple[float, float] | None = None, glow: Colour = (255, 236, 190)
) -> Image.Image:
    w, h = WIDTH * SCALE, HEIGHT * SCALE
    down = np.linspace(0, 1, h)[:, None, None] ** 0.8
    canvas = np.array(top) * (1 - down) + np.array(bottom) * down
    canvas = np.repeat(canvas, w, axis=1)
    if sun:
        y, x = np.mgrid[0:h, 0:w]
        distance = np.hypot(x / w - sun[0], (y / h - sun[1]) * h / w)[..., None]
        canvas += (np.array(glow) - canvas) * np.clip(np.exp(-distance * 7) * 0.9, 0, 1)
        canvas += (np.array((255, 252, 240)) - canvas) * (distance < 0.028)
    return Image.fromarray(np.clip(canvas, 0, 255).astype(np.uint8))


def ridge(rng: np.random.Generator, *, height: float, relief: float, rough: float) -> np.ndarray:
    """Heights of a line of mountains: waves over waves, each finer one lower."""
    x = np.linspace(0, 1, WIDTH * SCALE)
    line = np.zeros_like(x)
    for octave in range(1, 9):
        wave = np.sin(x * 2 * np.pi * octave * rng.uniform(0.6, 1.5) + rng.uniform(0, 2 * np.pi))
        line += (1 - np.abs(wave) if octave < 4 else wave) * relief / octave**rough
    return (height - line + line.mean()) * HEIGHT * SCALE


def fill(picture: Image.Image, line: np.ndarray, colour: Colour, *, foot: Colour | None = None) -> None:
    """Paints all that is below the line, paler towards its foot as haze has it."""
    h = picture.height
    rows = np.arange(h)[:, None]
    mask = rows >= line[None, :]
    depth = np.clip((rows - line[None, :]) / (h * 0.45), 0, 1)[..., None]
    paint = np.array(colour) * (1 - depth) + np.array(foot or colour) * depth
    canvas = np.asarray(picture).astype(float)
    canvas[mask] = paint[mask]
    picture.paste(Image.fromarray(canvas.astype(np.uint8)))


def firs(
    picture: Image.Image, rng: np.random.Generator, line: np.ndarray, colour: Colour, *, count: int, size: float
) -> None:
    draw = ImageDraw.Draw(picture)
    for x in sorted(rng.integers(0, WIDTH * SCALE, count)):
        y, tall = line[x] + 8, size * SCALE * rng.uniform(0.6, 1.3)
        for step in range(4):
            half = tall * (0.12 + 0.07 * step)
            top = y - tall + step * tall * 0.22
            draw.polygon([(x, top), (x - half, top + tall * 0.36), (x + half, top + tall * 0.36)], fill=colour)


def hut(picture: Image.Image, x: float, y: float, size: float) -> None:
    draw = ImageDraw.Draw(picture)
    x, y, size = x * picture.width, y * picture.height, size * SCALE
    draw.rectangle([x, y - size * 0.6, x + size * 1.5, y], fill=(92, 60, 40))
    draw.polygon(
        [(x - size * 0.2, y - size * 0.55), (x + size * 0.75, y - size * 1.15), (x + size * 1.7, y - size * 0.55)],
        fill=(58, 38, 30),
    )
    for place in (0.25, 0.95):
        draw.rectangle(
            [x + size * place, y - size * 0.42, x + size * (place + 0.26), y - size * 0.18], fill=(255, 214, 128)
        )
    draw.rectangle([x + size * 1.2, y - size * 1.25, x + size * 1.32, y - size * 0.8], fill=(58, 38, 30))


def finish(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    small = picture.filter(ImageFilter.GaussianBlur(0.8)).resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    grain = rng.normal(0, 2.2, (HEIGHT, WIDTH, 1))
    return Image.fromarray(np.clip(np.asarray(small) + grain, 0, 255).astype(np.uint8))


def mirror(picture: Image.Image, shore: float) -> None:
    """A lake: what is above the shore, upside down, darker and a little trembling."""
    h = picture.height
    edge = int(h * shore)
    above = np.asarray(picture)[max(0, 2 * edge - h) : edge][::-1].astype(float)
    rows = np.arange(above.shape[0])
    shift = (np.sin(rows / 5.0) * (2 + rows / 40)).astype(int)
    water = np.stack([np.roll(row, move, axis=0) for row, move in zip(above, shift, strict=True)])
    water = water * 0.78 + np.array((14, 40, 52)) * 0.22
    picture.paste(Image.fromarray(water.astype(np.uint8)), (0, edge))


def hut_in_the_evening(rng: np.random.Generator) -> Image.Image:
    picture = sky((70, 98, 148), (252, 196, 138), sun=(0.72, 0.52))
    fill(picture, ridge(rng, height=0.5, relief=0.11, rough=1.2), (118, 112, 148), foot=(214, 168, 150))
    fill(picture, ridge(rng, height=0.64, relief=0.08, rough=1.1), (82, 84, 112), foot=(150, 120, 120))
    near = ridge(rng, height=0.8, relief=0.035, rough=1.4)
    firs(picture, rng, near, (34, 52, 48), count=46, size=44)
    fill(picture, near, (52, 70, 52), foot=(30, 44, 36))
    hut(picture, 0.3, 0.83, 92)
    return picture


def lake(rng: np.random.Generator) -> Image.Image:
    picture = sky((88, 152, 206), (226, 240, 244), sun=(0.2, 0.16), glow=(255, 255, 240))
    fill(picture, ridge(rng, height=0.36, relief=0.12, rough=1.15), (126, 146, 168), foot=(190, 206, 214))
    shore = ridge(rng, height=0.53, relief=0.03, rough=1.2)
    firs(picture, rng, shore, (38, 78, 62), count=120, size=34)
    fill(picture, shore, (58, 104, 74))
    mirror(picture, 0.585)
    return picture


def fog(rng: np.random.Generator) -> Image.Image:
    picture = sky((206, 212, 214), (232, 232, 228))
    for step in range(5):
        line = ridge(rng, height=0.36 + step * 0.13, relief=0.03, rough=1.3)
        shade = 196 - step * 30
        colour = (shade - 10, shade + 2, shade)
        firs(picture, rng, line, colour, count=40 + step * 6, size=40 + step * 26)
        fill(picture, line, colour, foot=(222, 226, 224))
    return picture


def sunrise(rng: np.random.Generator) -> Image.Image:
    picture = sky((44, 50, 92), (255, 158, 92), sun=(0.42, 0.55), glow=(255, 210, 130))
    for height, colour in ((0.58, (128, 84, 112)), (0.68, (92, 62, 92)), (0.8, (56, 42, 66)), (0.92, (26, 22, 36))):
        fill(
            picture,
            ridge(rng, height=height, relief=0.07, rough=1.2),
            colour,
            foot=tuple(min(255, part + 34) for part in colour),
        )
    draw = ImageDraw.Draw(picture)
    x, y = 0.78 * picture.width, 0.83 * picture.height
    draw.rectangle([x - 4, y - 170, x + 4, y], fill=(22, 18, 28))
    draw.rectangle([x - 44, y - 132, x + 44, y - 124], fill=(22, 18, 28))
    return picture


def marmot(rng: np.random.Generator) -> Image.Image:
    """A meadow with an animal so small that people will argue about it."""
    picture = sky((104, 172, 224), (220, 238, 244))
    fill(picture, ridge(rng, height=0.32, relief=0.1, rough=1.1), (142, 152, 164), foot=(196, 208, 204))
    fill(picture, ridge(rng, height=0.5, relief=0.04, rough=1.2), (112, 150, 84), foot=(138, 172, 96))
    draw = ImageDraw.Draw(picture)
    for _ in range(900):
        x, y = rng.integers(0, picture.width), int(picture.height * rng.uniform(0.6, 1))
        colour = [(250, 224, 120), (244, 244, 238), (206, 122, 168), (92, 132, 66), (160, 190, 104)][rng.integers(0, 5)]
        size = 2 + 5 * (y / picture.height - 0.55)
        draw.ellipse([x, y, x + size, y + size], fill=colour)
    for x, y, wide, high in ((0.6, 0.5, 120, 46), (0.66, 0.52, 70, 34), (0.18, 0.6, 150, 60)):
        left, top = x * picture.width, y * picture.height
        draw.ellipse([left, top, left + wide, top + high], fill=(150, 148, 142))
        draw.ellipse([left + 8, top + 4, left + wide * 0.7, top + high * 0.6], fill=(172, 170, 164))
    x, y = 0.63 * picture.width, 0.497 * picture.height
    draw.ellipse([x, y - 18, x + 13, y + 6], fill=(112, 78, 48))
    draw.ellipse([x + 2, y - 27, x + 12, y - 15], fill=(128, 90, 56))
    return picture


def stars(rng: np.random.Generator) -> Image.Image:
    picture = sky((12, 18, 44), (58, 74, 112))
    draw = ImageDraw.Draw(picture)
    for _ in range(620):
        x, y = rng.integers(0, picture.width), int(picture.height * 0.72 * rng.random())
        size, light = rng.choice([1.5, 2, 3, 4.5], p=[0.5, 0.3, 0.15, 0.05]), rng.integers(150, 256)
        draw.ellipse([x, y, x + size, y + size], fill=(light, light, min(255, light + 12)))
    fill(picture, ridge(rng, height=0.66, relief=0.09, rough=1.2), (26, 34, 62), foot=(34, 44, 70))
    near = ridge(rng, height=0.84, relief=0.02, rough=1.4)
    firs(picture, rng, near, (10, 16, 26), count=30, size=84)
    fill(picture, near, (12, 20, 28))
    x, y = 0.56 * picture.width, 0.9 * picture.height
    draw.polygon([(x, y - 130), (x - 150, y), (x + 150, y)], fill=(236, 158, 84))
    draw.polygon([(x, y - 130), (x - 22, y), (x + 30, y)], fill=(255, 214, 140))
    return picture


def rain(rng: np.random.Generator) -> Image.Image:
    picture = sky((96, 106, 116), (168, 174, 174))
    fill(picture, ridge(rng, height=0.5, relief=0.09, rough=1.1), (112, 120, 124), foot=(150, 156, 154))
    fill(picture, ridge(rng, height=0.74, relief=0.03, rough=1.3), (74, 92, 76), foot=(56, 70, 58))
    draw = ImageDraw.Draw(picture)
    path = [(0.44, 0.76), (0.5, 0.82), (0.43, 0.9), (0.36, 1.0), (0.6, 1.0), (0.56, 0.9), (0.55, 0.82), (0.48, 0.76)]
    draw.polygon([(x * picture.width, y * picture.height) for x, y in path], fill=(146, 132, 112))
    for _ in range(420):
        x, y, long = rng.integers(0, picture.width), rng.integers(0, picture.height), rng.integers(18, 52)
        draw.line([x, y, x - long * 0.22, y + long], fill=(202, 208, 210), width=1)
    for place, colour in ((0.47, (206, 62, 48)), (0.52, (44, 96, 158)), (0.565, (232, 176, 44))):
        x, y = place * picture.width, 0.86 * picture.height
        draw.ellipse([x - 12, y - 74, x + 12, y - 50], fill=(222, 184, 152))
        draw.polygon([(x - 8, y - 56), (x - 26, y), (x + 26, y), (x + 8, y - 56)], fill=colour)
        draw.polygon([(x - 15, y - 58), (x, y - 84), (x + 15, y - 58)], fill=colour)
    return picture


SCENES = {
    "fog": fog,
    "lake": lake,
    "rain": rain,
    "marmot": marmot,
    "hut": hut_in_the_evening,
    "stars": stars,
    "sunrise": sunrise,
}


def jpeg(scene: str, *, quality: int = 70, width: int = WIDTH) -> bytes:
    rng = np.random.default_rng(sum(scene.encode()) * 7)
    picture = finish(SCENES[scene](rng), rng)
    if width != WIDTH:
        picture = picture.resize((width, width * HEIGHT // WIDTH), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
