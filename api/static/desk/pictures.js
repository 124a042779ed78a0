/** What customers have attached: small pictures that open large, and other files to save. */

import { el } from "../dom.js";
import { view } from "./dialogs.js";

const STEPS = { ArrowLeft: -1, ArrowRight: 1 };
const address = ({ attachment_id: id }) => `/v1/attachments/${encodeURIComponent(id)}`;
const isPicture = (file) => file.media_type.startsWith("image/");

/** All files of a conversation, in the order in which they came. */
export const filesOf = (timeline) => timeline.flatMap((entry) => entry.attachments ?? []);

/** The files as a list; a picture opens among `all`, so that the arrow keys lead from one to the next. */
export function attached(files, all = files, label = "Files") {
  if (!files?.length) return null;
  const pictures = all.filter(isPicture);
  return el("ul", { class: "attached", "aria-label": label }, files.map((file) =>
    el("li", null, isPicture(file) ? thumbnail(file, pictures, label) : link(file))));
}

function thumbnail(file, pictures, place) {
  const open = () => show(pictures, pictures.findIndex((one) => one.attachment_id === file.attachment_id));
  return el("button", {
    type: "button", class: "thumbnail", click: open, "data-focus": `${place}-${file.attachment_id}`,
    "aria-label": `Show ${file.filename} large`, title: described(file),
  }, el("img", { src: address(file), alt: "" }));
}

function link(file) {
  return el("a", { class: "file", href: address(file), download: file.filename }, described(file));
}

function show(pictures, first) {
  const image = el("img", { class: "large" });
  const words = el("p", { class: "explanation", role: "status" });
  let place = first;
  const turn = (by) => {
    place = (place + by + pictures.length) % pictures.length;
    const file = pictures[place];
    image.src = address(file);
    image.alt = file.filename;
    const which = pictures.length > 1 ? ` · ${place + 1} of ${pictures.length}, arrow keys turn` : "";
    words.textContent = described(file) + which;
  };
  turn(0);
  return view("Picture", [image, words], (event) => STEPS[event.key] && turn(STEPS[event.key]));
}

function described({ filename, size }) {
  return `${filename} · ${size < 1_000_000 ? `${Math.max(1, Math.round(size / 1000))} kB` : `${(size / 1_000_000).toFixed(1)} MB`}`;
}
