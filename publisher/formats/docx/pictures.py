"""Pictures as DrawingML: each with its alternative, or marked as decorative.

https://learn.microsoft.com/openspecs/office_standards/ms-odrawxml/ (the extensions for SVG and decorative pictures)
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from publisher.formats.docx.making import Making
from publisher.formats.docx.ooxml import NAMES, tag
from publisher.model.findings import InputError
from publisher.model.inlines import Image
from publisher.model.publication import Resource
from publisher.rendering.cover import svg_fitted
from publisher.store import Store, digest

SUFFIXES = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
}
PIXEL = 9525
"""A CSS pixel in English Metric Units."""
WIDEST, HIGHEST = 604, 820
"""What a page has room for, in CSS pixels: 16 cm by 21.7 cm."""
_SVG = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_DECORATIVE = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"


def drawing(making: Making, image: Image, lang: str, repeated: str = "") -> str:
    """A run that holds a picture. Raises InputError where the publication lacks it or Word cannot show it."""
    resource = making.publication.resources.get(image.resource)
    if resource is None:
        raise InputError(f"the picture {image.resource} is shown but not there; mend the article")
    if resource.media_type not in SUFFIXES:
        known = ", ".join(sorted(SUFFIXES))
        raise InputError(f"Word cannot show {resource.name} ({resource.media_type}); use one of {known}")
    width, height = shown_size(resource)
    size = {"cx": str(width * PIXEL), "cy": str(height * PIXEL)}
    making.drawings += 1
    about = {"id": str(making.drawings), "name": f"{image.id}{repeated}"}
    if not image.decorative:
        about["descr"] = image.alternative
    if image.title:
        about["title"] = image.title
    mark = tag("adec:decorative", {"xmlns:adec": NAMES["adec"], "val": "1"})
    extension = _extension(_DECORATIVE, mark) if image.decorative else ""
    relationship = making.picture(resource)
    blip = {"r:embed": relationship}
    drawn = ""
    if resource.media_type == "image/svg+xml":
        drawn = _extension(_SVG, tag("asvg:svgBlip", {"xmlns:asvg": NAMES["asvg"], "r:embed": f"{relationship}svg"}))
    return (
        f"<w:r><w:rPr>{tag('w:lang', {'w:val': lang})}</w:rPr><w:drawing>"
        '<wp:inline distT="0" distB="0" distL="0" distR="0">'
        f"{tag('wp:extent', size)}{tag('wp:docPr', about, closed=False)}{extension}</wp:docPr>"
        f"<wp:cNvGraphicFramePr>{tag('a:graphicFrameLocks', {'noChangeAspect': '1'})}</wp:cNvGraphicFramePr>"
        f'<a:graphic><a:graphicData uri="{NAMES["pic"]}"><pic:pic>'
        f"<pic:nvPicPr>{tag('pic:cNvPr', {'id': about['id'], 'name': about['name']})}<pic:cNvPicPr/></pic:nvPicPr>"
        f"<pic:blipFill>{tag('a:blip', blip, closed=False)}{drawn}</a:blip>"
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/>{tag("a:ext", size)}</a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def _extension(uri: str, inside: str) -> str:
    return f'<a:extLst><a:ext uri="{uri}">{inside}</a:ext></a:extLst>'


def shown_size(resource: Resource) -> tuple[int, int]:
    """Width and height on the page, in CSS pixels: its own, less where the page is narrower."""
    width, height = resource.width or WIDEST, resource.height or round(WIDEST * 0.6)
    share = min(1.0, WIDEST / width, HIGHEST / height)
    return max(1, round(width * share)), max(1, round(height * share))


def drawn_as_png(resource: Resource, store: Store) -> bytes:
    """An SVG as a picture of twice its size, for programs that show no SVG."""
    width, height = shown_size(resource)

    def draw(path: Path) -> None:
        svg_fitted(resource, 2 * width, 2 * height).save(path, "PNG", compress_level=6)

    key = digest("docx-svg", resource.sha256, width, height, version("weasyprint"), version("pypdfium2"))
    return store.keep(key, ".png", draw).read_bytes()
