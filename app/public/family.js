// Enhancements for pages without WebAssembly, which also work without scripts: showing the password, judging a new
// one, removing errors that no longer hold, changing the theme, printing, ticking all, saying that someone uses the
// page, passkeys, the time zone, scrolling the office's navigation to the page's entry, and telling other tabs that
// nobody may be signed in any more.
if (!document.querySelector("[data-stamp]")) new BroadcastChannel("greencap").postMessage("");
for (const button of document.querySelectorAll("[data-show]")) {
  const input = document.getElementById(button.getAttribute("aria-controls"));
  const say = () => {
    const state = input.type === "password" ? "show" : "hide";
    button.textContent = button.dataset[state];
    button.setAttribute("aria-label", button.dataset[`${state}Name`]);
  };
  button.addEventListener("click", () => {
    input.type = input.type === "password" ? "text" : "password";
    say();
  });
  // Browsers remember what is sent as the type that the field has at that moment.
  input.form.addEventListener("submit", () => (input.type = "password"));
  button.hidden = false;
  say();
}
for (const button of document.querySelectorAll("[data-theme-toggle]")) {
  button.addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    document.cookie = `greencap-theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
  });
  button.hidden = false;
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => print());
  button.hidden = false;
}
for (const button of document.querySelectorAll("[data-tick]")) {
  const boxes = [...document.querySelectorAll(`input[type="checkbox"][name="${button.dataset.tick}"]`)];
  button.addEventListener("click", () => {
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
  });
  button.hidden = boxes.length === 0;
}
// An error is about what was sent: it goes when the field changes. An error that several fields share goes from all.
for (const form of document.forms) {
  form.addEventListener("input", ({ target }) => {
    const own = target.closest(".field[data-invalid]");
    if (!own) return;
    const wrong = [...form.querySelectorAll(".field[data-invalid]")];
    const isShared = wrong.some((field) => !field.querySelector(".error"));
    for (const field of isShared ? wrong : [own]) {
      field.removeAttribute("data-invalid");
      field.querySelector(".error")?.remove();
      const control = field.querySelector("[aria-invalid]");
      const hint = field.querySelector(".hint");
      control?.removeAttribute("aria-invalid");
      if (hint) control?.setAttribute("aria-describedby", hint.id);
      else control?.removeAttribute("aria-describedby");
    }
    if (!document.querySelector(".field[data-invalid], .errors")) document.title = document.title.replace(/^Error: /, "");
  });
}
// On a phone the navigation of the office is a strip: it shows where we are.
const current = document.querySelector(".side a[aria-current]");
const strip = current?.closest(".side");
if (strip) strip.scrollLeft = current.offsetLeft - (strip.clientWidth - current.offsetWidth) / 2;
// The first click, key or touch on the page of an invitation: someone who opened it is no mail scanner.
for (const page of document.querySelectorAll("[data-went-on]")) {
  const kinds = ["pointerdown", "keydown", "touchstart"];
  const tell = (event) => {
    if (!event.isTrusted) return;
    for (const kind of kinds) removeEventListener(kind, tell);
    fetch(page.dataset.wentOn, { method: "POST", keepalive: true }).catch(() => null);
  };
  for (const kind of kinds) addEventListener(kind, tell, { passive: true });
}
for (const meter of document.querySelectorAll("[data-strength]")) {
  const input = document.getElementById(meter.dataset.strength);
  let waiting;
  const judge = async () => {
    const password = input.value;
    const { minimum, known } = meter.dataset;
    const asked = new URLSearchParams({ password, minimum, known });
    const answer = password && (await fetch("/password/strength", { method: "POST", body: asked }).catch(() => null));
    // Ignore answers about an earlier value.
    if (password !== input.value) return;
    meter.hidden = !(answer && answer.ok);
    const { level, words, met } = meter.hidden ? { met: [] } : await answer.json();
    for (const [at, rule] of [...input.form.querySelectorAll(".ticks li")].entries()) rule.toggleAttribute("data-met", met[at] ?? false);
    if (meter.hidden) return;
    meter.dataset.level = level;
    meter.querySelector("[role=status]").textContent = words;
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(judge, 250);
  });
}
// Passkeys: the server sends a challenge, the browser answers it, and the form is sent with the answer.
for (const button of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) continue;
  const { form } = button;
  const { passkey: deed, options: address } = button.dataset;
  const answer = form.querySelector("[data-passkey-answer]");
  const failed = form.querySelector("[data-passkey-failed]");
  const read = {
    create: (options) => PublicKeyCredential.parseCreationOptionsFromJSON(options),
    get: (options) => PublicKeyCredential.parseRequestOptionsFromJSON(options),
  }[deed];
  button.addEventListener("click", async () => {
    failed.hidden = true;
    if (deed === "create" && !form.reportValidity()) return;
    try {
      const { token, options } = await (await fetch(address, { method: "POST" })).json();
      const credential = await navigator.credentials[deed]({ publicKey: read(JSON.parse(options)) });
      answer.value = JSON.stringify({ token, credential: JSON.stringify(credential) });
      form.submit();
    } catch {
      // Declined, timed out, or no passkey for this site: the browser has shown which.
      failed.hidden = false;
    }
  });
  button.hidden = false;
}
// Nobody has chosen a time zone yet: propose that of this browser.
for (const select of document.querySelectorAll("[data-time-zone]")) {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const known = [...select.options].some((option) => option.value === timeZone);
  if (known && !select.value) select.value = timeZone;
}
