"""Writes one huge input: `big_inputs.py CASE FOLDER` prints its path; without arguments the cases.

For tests/big_inputs.sh. Everything is seeded and made up.
"""
import gzip
import json
import os
import random
import sys
import tarfile
import zipfile
import zlib
from collections import Counter

MB = 1_000_000
PEOPLE = ["minister", "president", "envoy", "ambassador", "chancellor", "general"]
PLACES = ["France", "Germany", "Japan", "Kenya", "Brazil", "Turkey", "Egypt", "India"]
DEEDS = ["met the {} of {} on Monday", "criticised the {} of {} on Tuesday", "thanked the {} of {}",
         "urged the {} of {} to hold talks", "signed an agreement with the {} of {}"]
RNG = random.Random(7)


def sentence():
    deed = RNG.choice(DEEDS).format(RNG.choice(PEOPLE), RNG.choice(PLACES))
    return f"The {RNG.choice(PEOPLE)} of {RNG.choice(PLACES)} {deed}."


def article(n, sentences=4):
    text = " ".join(sentence() for _ in range(sentences))
    return {"id": f"made-up-{n}", "title": f"Talks number {n}", "text": f"{text} It was meeting {n}.",
            "published": "2031-03-07T10:00:00Z", "language": "en"}


def line(n, sentences=4):
    return json.dumps(article(n, sentences)).encode() + b"\n"


def written(path, chunks):
    with open(path, "wb") as out:
        for chunk in chunks:
            out.write(chunk)


def one_line(path):
    """2 GB in one line: the text of one article."""
    words = (" ".join(sentence() for _ in range(20_000)) + " ").encode()
    def chunks():
        yield b'{"title": "Long", "text": "'
        for _ in range(2000 * MB // len(words) + 1):
            yield words
        yield b'"}\n'
    written(path, chunks())


def one_line_then_more(path):
    """2 GB in one line, and a line behind it that must be read."""
    one_line(path)
    with open(path, "ab") as out:
        out.write(line(1))


def one_line_of_objects(path):
    """2 GB of objects in a list in one line."""
    block = b",".join(line(n).strip() for n in range(20_000))
    def chunks():
        yield b"[" + block
        for _ in range(2000 * MB // len(block)):
            yield b"," + block
        yield b"]\n"
    written(path, chunks())


def gzip_blanks(path):
    """10 GB of zeros: the plain bomb."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(MB)
    written(path, (packer.compress(zeros) for _ in range(10_000)))
    with open(path, "ab") as out:
        out.write(packer.flush())


def members(path, member, size):
    """10 GB as many members, each the same."""
    packed = gzip.compress(member, 6)
    written(path, (packed for _ in range(size // len(member) + 1)))


def gzip_one_line(path):
    """10 GB that are one line of words, no denser than words are."""
    members(path, (" ".join(sentence() for _ in range(500_000)) + " ").encode(), 10_000 * MB)


def gzip_lines(path):
    """10 GB of lines, each an article, in a language that is not coded: reading is what is measured."""
    def foreign(n):
        # The same sentence again and again, so that the packed file is not larger than a file may be.
        return json.dumps({"id": n, "title": "Talks", "text": (sentence() + " ") * 3000, "language": "fi"}).encode()
    members(path, b"".join(foreign(n) + b"\n" for n in range(100)), 10_000 * MB)


def entry(n):
    """A short article, in a language that is not coded: reading is what is measured."""
    return b'{"title": "Talks", "text": "They met again, for the time number %d.", "language": "fi"}' % n


def zip_entries(path):
    """1,000,000 entries, each an article. Their names alone make it larger than a file may be."""
    with zipfile.ZipFile(path, "w") as out:
        for n in range(1_000_000):
            out.writestr(zipfile.ZipInfo(f"{n}.json"), entry(n))


def tar_entries(path):
    """1,000,000 entries, each an article; packed."""
    with gzip.open(path, "wb", compresslevel=6) as out:
        for n in range(1_000_000):
            data = entry(n)
            info = tarfile.TarInfo(f"{n}.json")
            info.size = len(data)
            out.write(info.tobuf(tarfile.USTAR_FORMAT) + data + bytes(-len(data) % 512))
        out.write(bytes(1024))


def xml_laughs(path):
    """Entities made of entities."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">\n' for n in range(1, 12))
    written(path, [f'<?xml version="1.0"?>\n<!DOCTYPE rss [<!ENTITY l0 "lol">\n{entities}]>\n'.encode(),
                   b"<rss version='2.0'><channel><title>x</title><item><title>&l11;</title>"
                   b"<description>&l11;</description></item></channel></rss>"])


def xml_quadratic(path):
    """One long entity, named very often."""
    written(path, [f'<?xml version="1.0"?>\n<!DOCTYPE rss [<!ENTITY a "{"a" * 5 * MB}">]>\n'.encode(),
                   b"<rss version='2.0'><channel><title>x</title><item><title>t</title><description>",
                   b"&a;" * 5 * MB, b"</description></item></channel></rss>"])


def xml_many_short(path):
    """A short entity, named as often as a document has room for."""
    written(path, [b'<?xml version="1.0"?>\n<!DOCTYPE rss [<!ENTITY a "' + b"word " * 100 + b'">]>\n',
                   b"<rss version='2.0'><channel><title>x</title><item><title>t</title><description>",
                   b"&a;" * 15 * MB, b"</description></item></channel></rss>"])


def xml_deep(path):
    """Nested 8,000,000 deep."""
    written(path, [b"<?xml version='1.0'?>\n<rss version='2.0'><channel><item>", b"<a>" * 8 * MB,
                   b"</a>" * 8 * MB, b"</item></channel></rss>"])


def xml_wide(path):
    """A feed of 60 MB."""
    def chunks():
        yield b"<?xml version='1.0'?>\n<rss version='2.0'><channel><title>x</title>"
        size = n = 0
        while size < 60 * MB:
            a = article(n, 10)
            item = (f"<item><guid>{n}</guid><title>{a['title']}</title><description>{a['text']}</description>"
                    "<pubDate>Fri, 07 Mar 2031 10:00:00 GMT</pubDate></item>").encode()
            size, n = size + len(item), n + 1
            yield item
        yield b"</channel></rss>"
    written(path, chunks())


def xml_nodes(path):
    """An XML article of nothing but nodes, 60 MB."""
    written(path, [b"<?xml version='1.0'?>\n<story>", b"<p/>" * 15 * MB, b"</story>"])


def html_page(path):
    """A page of 60 MB."""
    block = "".join(f"<p>{sentence()}</p>\n" for _ in range(10_000)).encode()
    written(path, [b"<!doctype html><html><head><title>Talks</title></head><body>",
                   *([block] * (60 * MB // len(block))), b"</body></html>"])


def html_nested(path):
    """A page of 7 MB whose tags never close."""
    written(path, [b"<!doctype html><html><head><title>Talks</title></head><body>", b"<div>" * (7 * MB // 5)])


def json_deep(path):
    """Nested 30,000,000 deep."""
    written(path, [b'{"articles":', b"[" * 30 * MB, b"]" * 30 * MB, b"}"])


def json_list(path):
    """A list of 60 MB."""
    block = []
    size = n = 0
    while size < 60 * MB:
        block.append(line(n, 10).strip())
        size, n = size + len(block[-1]), n + 1
    written(path, [b"[", b",\n".join(block), b"]"])


def csv_rows(path):
    """A table of 60 MB."""
    def chunks():
        yield b"id,title,text,published\n"
        size = n = 0
        while size < 60 * MB:
            a = article(n, 10)
            row = f"{a['id']},{a['title']},\"{a['text']}\",{a['published']}\n".encode()
            size, n = size + len(row), n + 1
            yield row
    written(path, chunks())


def csv_quote(path):
    """A table of 60 MB in which a quote never ends."""
    written(path, [b'id,title,text\n1,Talks,"', b"words, and more words\n" * (60 * MB // 22)])


def text_plain(path):
    """A plain text of 60 MB."""
    written(path, (sentence().encode() + b"\n\n" for _ in range(60 * MB // 70)))


CASES = {
    "one-line.jsonl": one_line,
    "line-and-more.jsonl": one_line_then_more,
    "objects-in-line.jsonl": one_line_of_objects,
    "objects-in-line.json": one_line_of_objects,
    "zeros.gz": gzip_blanks,
    "words.jsonl.gz": gzip_one_line,
    "lines.jsonl.gz": gzip_lines,
    "entries.zip": zip_entries,
    "entries.tar.gz": tar_entries,
    "laughs.xml": xml_laughs,
    "quadratic.xml": xml_quadratic,
    "short-entity.xml": xml_many_short,
    "deep.xml": xml_deep,
    "feed.xml": xml_wide,
    "nodes.xml": xml_nodes,
    "page.html": html_page,
    "unclosed.html": html_nested,
    "deep.json": json_deep,
    "list.json": json_list,
    "table.csv": csv_rows,
    "open-quote.csv": csv_quote,
    "plain.txt": text_plain,
}


# Documents near `max_bytes` with an event in every sentence: reading one takes many minutes, so they are measured only
# when they are named.
FULL_OF_EVENTS = {"feed.xml", "list.json", "table.csv", "plain.txt"}


def main():
    if len(sys.argv) == 1:
        print("\n".join(name for name in CASES if name not in FULL_OF_EVENTS))
    elif sys.argv[1] == "--reasons":
        lines = open(sys.argv[2]) if os.path.exists(sys.argv[2]) else []
        counts = Counter(json.loads(text)["reason"] for text in lines)
        print(", ".join(f"{reason} {count}" for reason, count in counts.items()) or "none")
    else:
        path = os.path.join(sys.argv[2], sys.argv[1])
        CASES[sys.argv[1]](path)
        print(path)


main()
