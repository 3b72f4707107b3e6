/** A panel's drawing as a PNG file. */
import { byId } from "./dom";

const KEPT = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "fill-opacity", "font-size", "font-family", "font-weight", "text-anchor", "dominant-baseline"];

export async function picture(panel: HTMLElement, title: string) {
  const drawings = [...panel.querySelectorAll<SVGSVGElement>(".body svg")];
  if (!drawings.length) return say("There is nothing to save yet.");
  const ratio = 2;
  const root = panel.querySelector(".body")!.getBoundingClientRect();
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(root.width * ratio);
  canvas.height = Math.ceil((root.height + 40) * ratio);
  const pen = canvas.getContext("2d")!;
  const page = getComputedStyle(panel);
  pen.scale(ratio, ratio);
  pen.fillStyle = page.backgroundColor;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = page.color;
  pen.font = `600 16px ${page.fontFamily}`;
  pen.fillText(`${title} · Chancery`, 8, 24);
  for (const drawing of drawings) {
    const at = drawing.getBoundingClientRect();
    const image = await load(standalone(drawing, at));
    pen.drawImage(image, at.left - root.left, at.top - root.top + 36, at.width, at.height);
  }
  canvas.toBlob((blob) => {
    if (!blob) return say("The picture could not be made.");
    const a = document.createElement("a");
    a.href = URL.createObjectURL(blob);
    a.download = `chancery-${title.toLowerCase().replace(/\W+/g, "-")}.png`;
    a.click();
    setTimeout(() => URL.revokeObjectURL(a.href), 10_000);
  }, "image/png");
}

/** A copy that carries its styles with it. */
function standalone(drawing: SVGSVGElement, at: DOMRect): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const from = [drawing, ...drawing.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((el, i) => {
    const style = getComputedStyle(from[i]);
    for (const name of KEPT) el.setAttribute(name, style.getPropertyValue(name));
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(at.width));
  copy.setAttribute("height", String(at.height));
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
}

const load = (url: string) => new Promise<HTMLImageElement>((done, failed) => {
  const image = new Image();
  image.onload = () => done(image);
  image.onerror = () => failed(new Error("the drawing cannot be read"));
  image.src = url;
});

function say(words: string) {
  const notice = byId("notice");
  notice.textContent = words;
  notice.hidden = false;
  setTimeout(() => (notice.hidden = true), 4000);
}
