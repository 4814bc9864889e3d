// Enhancements for the family pages, which also work without scripts: showing the password, judging a new one,
// changing the theme, printing, and passkeys.
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
    if (meter.hidden) return;
    const { level, words } = await answer.json();
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
