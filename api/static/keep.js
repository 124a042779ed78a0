/** What must survive a reload. Where the browser refuses storage, it lasts as long as the page. */

function shelf(name) {
  const memory = new Map();
  const attempt = (work, instead) => {
    try {
      return work(window[name]);
    } catch {
      return instead();
    }
  };
  return {
    read(key) {
      const text = attempt((area) => area.getItem(key), () => null) ?? memory.get(key);
      try {
        return text ? JSON.parse(text) : null;
      } catch {
        return null;
      }
    },
    write(key, value) {
      const text = JSON.stringify(value);
      attempt((area) => area.setItem(key, text), () => memory.set(key, text));
    },
    forget(key) {
      memory.delete(key);
      attempt((area) => area.removeItem(key), () => undefined);
    },
  };
}

/** Shared by all tabs. */
export const browserKeeps = shelf("localStorage");
/** This tab's own. */
export const tabKeeps = shelf("sessionStorage");
