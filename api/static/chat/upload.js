/** One attempt to send a message. With files it goes as a form, which alone tells how far it has come. */

/** Resolves to the API's `Response`; rejects if it could not be reached. `onProgress` gets a share from 0 to 1. */
export function post(address, headers, text, files, onProgress) {
  const message = JSON.stringify({ text });
  if (!files.length) {
    return fetch(address, { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: message });
  }
  const form = new FormData();
  form.append("message", message);
  for (const file of files) form.append("attachments", file, file.name);
  return upload(address, headers, form, onProgress);
}

function upload(address, headers, form, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total ? loaded / total : 0));
    request.addEventListener("load", () => resolve(answer(request)));
    request.addEventListener("error", () => reject(new TypeError("The API could not be reached.")));
    request.send(form);
  });
}

function answer(request) {
  const wait = request.getResponseHeader("Retry-After");
  return new Response(request.responseText, { status: request.status, headers: wait ? { "Retry-After": wait } : {} });
}
