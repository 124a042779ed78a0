/** Building page parts: all text goes in as text, never as markup. */

export function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** The address if it leads to a web page, else null: `javascript:` and the like never become links. */
export function webAddress(text) {
  if (!text || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
}

/** The source of a statement: a link where there is a page to open, else its name. */
export function source(citation) {
  const name = citation.title || citation.ref;
  const href = webAddress(citation.url);
  return href ? el("a", { href, target: "_blank", rel: "noopener noreferrer" }, name) : el("span", null, name);
}

export function clock(at) {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

/** 128 random bits as text; unlike `crypto.randomUUID`, also on pages served without TLS. */
export function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
