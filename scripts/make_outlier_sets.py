#!/usr/bin/env python3
"""Make sets of 28 x 28 images that do not belong to Fashion-MNIST, in IDX form, a folder each.

sets:
  letters   A to J in the fonts that are installed, light on dark (a stand-in for notMNIST)
  noise     each pixel uniform in 0..255
  grey      one uniform value for all pixels of an image
  rotated   images of --data, turned by 90 degrees
  inverted  images of --data, 255 - value

Each folder holds t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte. Labels are the letter for letters, the class of the
image for rotated and inverted, else the index mod 10.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from snnl_idx import read_idx, write_idx

SIDE = 28
LETTERS = "ABCDEFGHIJ"
# Fonts that draw signs where letters are asked for.
NO_LETTERS = ("D050000L", "StandardSymbols", "LinBiolinum_K", "texgyre-math", "latinmodern-math")
SETS = ("letters", "noise", "grey", "rotated", "inverted")


def fail(message):
    print(f"make_outlier_sets: error: {message}", file=sys.stderr)
    sys.exit(2)


def read_images(folder, name):
    try:
        return read_idx(folder / name)
    except FileNotFoundError:
        fail(f"{folder}: holds no {name}; scripts/install-deps train installs Fashion-MNIST, or name a folder by --data")
    except (OSError, ValueError) as error:
        fail(str(error))


def draw_letter(font, letter):
    """Centred, the longer side 20 to 24 pixels by the font's size; None where the font draws nothing."""
    from PIL import Image, ImageDraw
    left, top, right, bottom = font.getbbox(letter)
    if right <= left or bottom <= top:
        return None
    image = Image.new("L", (right - left + 8, bottom - top + 8))
    ImageDraw.Draw(image).text((4 - left, 4 - top), letter, fill=255, font=font)
    box = image.getbbox()
    if box is None:
        return None
    image = image.crop(box)
    scale = 22 / max(image.size)
    size = [max(1, round(side * scale)) for side in image.size]
    out = Image.new("L", (SIDE, SIDE))
    out.paste(image.resize(size, Image.LANCZOS), ((SIDE - size[0]) // 2, (SIDE - size[1]) // 2))
    return np.asarray(out)


def usable_fonts(folders):
    """Fonts in which the ten letters are ten shapes; the same list for the same files."""
    from PIL import ImageFont
    files = sorted(path for folder in folders for path in Path(folder).rglob("*")
                   if path.suffix.lower() in (".ttf", ".otf") and not path.stem.startswith(NO_LETTERS))
    fonts = []
    for path in files:
        try:
            font = ImageFont.truetype(str(path), 48)
            drawn = [draw_letter(font, letter) for letter in LETTERS]
        except (OSError, ValueError):
            continue
        if all(image is not None for image in drawn) and len({image.tobytes() for image in drawn}) == len(LETTERS):
            fonts.append(drawn)
    return fonts


def letters(count, random, options):
    fonts = usable_fonts(options.fonts)
    if len(fonts) < options.least_fonts:
        fail(f"{len(fonts)} usable fonts, {options.least_fonts} are wanted; scripts/install-deps outliers installs some")
    print(f"letters: {len(fonts)} fonts", file=sys.stderr)
    labels = np.arange(count) % len(LETTERS)
    chosen = random.integers(len(fonts), size=count)
    return np.stack([fonts[f][label] for f, label in zip(chosen, labels)]), labels


def noise(count, random, options):
    return random.integers(256, size=(count, SIDE, SIDE)), np.arange(count) % 10


def grey(count, random, options):
    return np.broadcast_to(random.integers(256, size=(count, 1, 1)), (count, SIDE, SIDE)), np.arange(count) % 10


def of_data(count, random, options):
    images, labels = (read_images(options.data, f"t10k-{name}-ubyte") for name in ("images-idx3", "labels-idx1"))
    chosen = np.sort(random.permutation(len(images))[:count])
    return images[chosen], labels[chosen]


def rotated(count, random, options):
    images, labels = of_data(count, random, options)
    return np.rot90(images, axes=(1, 2)), labels


def inverted(count, random, options):
    images, labels = of_data(count, random, options)
    return 255 - images, labels


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     epilog="example: scripts/make_outlier_sets.py out/outliers --count 1000")
    parser.add_argument("out", type=Path, help="folder to make the sets in")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS), help="which (default: all)")
    parser.add_argument("--count", type=int, default=1000, help="images in each (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="(default: %(default)s)")
    parser.add_argument("--data", type=Path, default=Path("/usr/share/datasets/fashion-mnist"),
                        help="IDX folder of the images to turn and invert (default: %(default)s)")
    parser.add_argument("--fonts", nargs="+", default=["/usr/share/fonts", "/usr/share/texmf/fonts"], help="folders (default: %(default)s)")
    parser.add_argument("--least-fonts", type=int, default=300, help="fewer are an error (default: %(default)s)")
    options = parser.parse_args()
    if not 1 <= options.count <= 1000000:
        fail("--count: must be from 1 to 1000000")
    for name in options.sets:
        # A set is the same whichever others are made.
        random = np.random.default_rng([options.seed, SETS.index(name)])
        images, labels = globals()[name](options.count, random, options)
        folder = options.out / name
        folder.mkdir(parents=True, exist_ok=True)
        write_idx(folder / "t10k-images-idx3-ubyte", np.asarray(images))
        write_idx(folder / "t10k-labels-idx1-ubyte", np.asarray(labels))


if __name__ == "__main__":
    main()
