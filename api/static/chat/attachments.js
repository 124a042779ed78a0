/** Files before they are sent: what may be sent, how it looks, and what is to be said of those that got lost. */

import { el } from "../dom.js";

export const MAX_FILES = 4;
const MAX_BYTES = 5_000_000;
export const TYPES = ["image/png", "image/jpeg", "image/webp", "image/gif", "application/pdf"];
const EDGE = 144;

const pictures = new WeakMap();

export function size(bytes) {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Why a file cannot be sent, or null. The API looks at the content again. */
export function objection(file) {
  if (!TYPES.includes(file.type)) return `“${file.name}” is no picture (PNG, JPEG, WebP, GIF) and no PDF.`;
  if (file.size > MAX_BYTES) return `“${file.name}” is too large: ${size(file.size)} of ${size(MAX_BYTES)} at most.`;
  return file.size ? null : `“${file.name}” is empty.`;
}

/** A small view of a file. It is drawn, so that a shop's page need not allow addresses of its own making. */
export function preview(file) {
  if (!file.type.startsWith("image/")) return el("span", { class: "file" }, file.name);
  if (!pictures.has(file)) pictures.set(file, el("canvas", { role: "img", "aria-label": file.name, width: EDGE, height: EDGE }));
  const canvas = pictures.get(file);
  if (!canvas.drawn) draw(canvas, file);
  return canvas;
}

async function draw(canvas, file) {
  canvas.drawn = true;
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return;
  const scale = Math.max(EDGE / bitmap.width, EDGE / bitmap.height);
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  canvas.getContext("2d").drawImage(bitmap, (EDGE - width) / 2, (EDGE - height) / 2, width, height);
  bitmap.close();
}

/** A file of a sent message: a picture opens large, another file is saved. `address` tells where the API has it. */
export function sentFile({ attachment_id: id, filename, media_type: type, size: bytes }, address) {
  const href = address(id);
  if (!type.startsWith("image/")) return el("a", { class: "file", href, download: filename }, `${filename} · ${size(bytes)}`);
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" },
    el("img", { src: href, alt: filename, title: filename, loading: "lazy", width: EDGE, height: EDGE }));
}

/** What to tell of files that a reload of the page has cost. */
export function lostSentence(names) {
  return `The page was loaded anew before these files had surely left: ${names.join(", ")}. If you do not see them above, please attach them again.`;
}
