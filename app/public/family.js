// Comfort for the family pages, which work without it: showing the password, and changing the look.
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
  // What is sent is kept by browsers as the type that the field has then.
  input.form.addEventListener("submit", () => (input.type = "password"));
  button.hidden = false;
  say();
}
for (const button of document.querySelectorAll("[data-theme-toggle]")) {
  button.addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    document.cookie = `greencap-theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
  });
  button.hidden = false;
}
