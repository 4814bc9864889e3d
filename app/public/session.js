// On every page of someone signed in: covers it when its session has ended or somebody else is signed in, sends its
// stamp along, keeps what was typed over a reload, and warns before it is lost. Pages without a stamp load family.js,
// which tells the other tabs that nobody may be signed in any more.
{
  const { stamp } = document.currentScript.dataset;
  const root = document.documentElement;
  const channel = new BroadcastChannel("greencap");
  const isOurs = (address) => new URL(address, location).origin === location.origin;

  // What was typed. Nothing secret is kept, nor a search: its address has it.
  const SECRET = ["one-time-code", "current-password", "new-password"];
  // The address changes without a new document in the office.
  const draft = () => `draft ${stamp} ${location.pathname}${location.search}`;
  const touched = new Set();
  let hasActed = false;
  // What a script is sending: a form, or everything.
  let sending;
  const isBox = (field) => ["checkbox", "radio"].includes(field.type);
  const keyOf = (field) => {
    const key = field.id || field.name;
    return key && isBox(field) ? `${key}=${field.value}` : key;
  };
  const isKept = (field) =>
    field.matches?.("input, select, textarea") &&
    !["password", "file", "hidden", "search"].includes(field.type) &&
    !SECRET.includes(field.autocomplete) &&
    !field.closest("[method=get], [role=search], [data-saves-at-once]");
  const differs = (field) => {
    if (isBox(field)) return field.checked !== field.defaultChecked;
    if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
    return field.value !== field.defaultValue;
  };
  // A choice outside a form is kept, but it is not sent.
  const isTyped = () =>
    [...touched].some((field) => field.isConnected && field.form && !field.closest("dialog:not([open])") && differs(field));
  const store = (write) => {
    try {
      return write(sessionStorage);
    } catch {
      // Full, or forbidden: then nothing is kept over a reload.
    }
  };
  const save = () => {
    const values = [...touched].filter((field) => field.isConnected).map((field) => [keyOf(field), isBox(field) ? field.checked : field.value]);
    store((storage) => (values.length ? storage.setItem(draft(), JSON.stringify(values)) : storage.removeItem(draft())));
  };
  // After sending a form, or everything.
  const forget = (form) => {
    for (const field of touched) if (!form || field.form === form) touched.delete(field);
    hasActed &&= touched.size > 0;
    sending = undefined;
    save();
  };
  const keep = ({ target }) => {
    if (!isKept(target)) return;
    hasActed = true;
    if (!keyOf(target)) return;
    const group = target.type === "radio" && target.name ? document.getElementsByName(target.name) : [target];
    for (const field of group) touched.add(field);
    save();
  };
  addEventListener("input", keep, true);
  addEventListener("change", keep, true);

  // Only a reload, the way back, or signing in again brings it back. On a new visit it would be a surprise.
  // `ui::draft` does the same for what no field shows.
  const [visit] = performance.getEntriesByType("navigation");
  const signsIn = store((storage) => storage.getItem("signs in"));
  store((storage) => storage.removeItem("signs in"));
  const isBack = Boolean(signsIn) || ["reload", "back_forward"].includes(visit?.type);
  root.toggleAttribute("data-returned", isBack);
  const fill = (left) => {
    for (const field of document.querySelectorAll("input, select, textarea")) {
      const key = keyOf(field);
      if (!left.has(key) || !isKept(field)) continue;
      const [value, now] = [left.get(key), isBox(field) ? field.checked : field.value];
      left.delete(key);
      if (value === now) continue;
      if (isBox(field)) field.checked = value;
      else field.value = value;
      if (value === false && field.type === "radio") continue;
      for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
    }
    return left.size === 0;
  };
  const restore = () => {
    const text = store((storage) => storage.getItem(draft()));
    if (!text) return;
    // A form that the server filled in is newer.
    if (!isBack || document.querySelector("[data-kept]")) {
      store((storage) => storage.removeItem(draft()));
      return;
    }
    const left = new Map(JSON.parse(text));
    if (fill(left)) return;
    // The page is still being drawn.
    const watching = new MutationObserver(() => fill(left) && watching.disconnect());
    watching.observe(document.body, { childList: true, subtree: true });
    setTimeout(() => watching.disconnect(), 15_000);
  };
  const isHydrated = () => !document.head.querySelector("script[type=module]") || root.hasAttribute("data-alive");
  addEventListener("DOMContentLoaded", () => {
    if (isHydrated()) return restore();
    const alive = new MutationObserver(() => {
      if (!isHydrated()) return;
      alive.disconnect();
      restore();
    });
    alive.observe(root, { attributes: true });
  });

  // Says for whom the page was drawn, in forms that the server did not stamp and in calls.
  addEventListener(
    "submit",
    ({ target }) => {
      if (target.getAttribute("method") !== "post" || target.elements["page-stamp"]) return;
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "page-stamp", value: stamp });
      target.append(field);
    },
    true,
  );
  addEventListener("submit", (event) => {
    if (event.target.getAttribute("method") === "get") return;
    // A script sends it, and may be refused.
    if (event.defaultPrevented) sending = { form: event.target };
    else forget(event.target);
  });
  // The main button of a page without a form sends what was chosen.
  addEventListener("click", ({ target }) => {
    if (target.closest?.("button.primary[type=button]")) sending = {};
  });
  const send = window.fetch;
  window.fetch = async (what, how) => {
    const method = how?.method ?? what.method;
    if (method !== "POST" || !isOurs(what.url ?? what)) return send(what, how);
    const request = new Request(what, how);
    request.headers.set("page-stamp", stamp);
    const answer = await send(request);
    if ([401, 409].includes(answer.status)) check();
    if (answer.ok && sending) forget(sending.form);
    return answer;
  };

  const hasFile = () => [...document.querySelectorAll("[type=file]")].some(({ files }) => files.length);

  // Asks whether its person is still signed in here, and covers the page if not.
  let cover;
  const uncover = () => {
    if (!cover) return;
    // Load what failed to load while signed out, and hide errors about what can be sent again now.
    if (!hasFile() && document.querySelector('[data-signed-out="page"]')) return location.reload();
    for (const error of document.querySelectorAll("[data-signed-out]")) error.dataset.signedOut = "over";
    document.title = cover.title;
    cover.element.remove();
    cover = undefined;
    root.removeAttribute("data-covered");
  };
  const button = (tag, text, primary) => {
    const made = document.createElement(tag);
    made.className = primary ? "btn primary" : "btn";
    made.textContent = text;
    return made;
  };
  const hide = () => {
    if (cover) return cover.element.replaceChildren();
    cover = { title: document.title, element: document.createElement("div") };
    cover.element.className = "session-cover";
    cover.element.tabIndex = -1;
    cover.element.setAttribute("role", "alertdialog");
    document.body.append(cover.element);
    root.setAttribute("data-covered", "");
  };
  const say = ({ state, title, text, typed: kept, file, action, discard, leave: go }) => {
    if (cover?.state === state && cover.said === title) return;
    hide();
    Object.assign(cover, { state, said: title });
    document.title = title;
    // What was typed or chosen stays in this tab: sign in in another.
    const keepsFile = hasFile();
    const stays = keepsFile || hasActed || isTyped();
    const [head, words] = [document.createElement("h1"), document.createElement("p")];
    head.textContent = title;
    words.textContent = [text, stays && kept, keepsFile && file].filter(Boolean).join(" ");
    cover.element.setAttribute("aria-label", title);
    const target = stays ? "_blank" : "_self";
    const next = stays ? "/account/signed-in" : location.pathname + location.search;
    const buttons = document.createElement("div");
    buttons.className = "row";
    if (state === "ended") {
      const link = button("a", action, true);
      Object.assign(link, { href: `/sign-in?next=${encodeURIComponent(next)}`, target });
      link.addEventListener("click", () => store((storage) => storage.setItem("signs in", "1")));
      buttons.append(link);
    } else {
      const form = Object.assign(document.createElement("form"), { method: "post", action: "/sign-out", target });
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "next", value: next }));
      form.append(button("button", action, true));
      const leave = Object.assign(button("a", stays ? discard : go), { href: "/" });
      leave.addEventListener("click", () => forget());
      form.addEventListener("submit", (event) => event.stopPropagation());
      buttons.append(form, leave);
    }
    cover.element.replaceChildren(head, words, buttons);
    cover.element.focus();
  };
  let checking;
  const check = async () => {
    checking ??= send(`/session?stamp=${stamp}`, { cache: "no-store" })
      .then((answer) => (answer.ok ? answer.json() : undefined))
      .catch(() => undefined);
    const found = await checking;
    checking = undefined;
    if (found?.state === "same") {
      uncover();
      hear();
    } else if (found) say(found);
    // The server is away: a page that is hidden stays so until it answers.
    else if (cover) setTimeout(check, 2000);
  };
  channel.addEventListener("message", ({ data }) => {
    if (data !== stamp || cover) check();
  });
  channel.postMessage(stamp);
  for (const kind of ["focus", "online"]) addEventListener(kind, check);
  document.addEventListener("visibilitychange", () => document.hidden || check());
  setInterval(() => document.hidden || check(), 15_000);
  // A page from the browser's cache of pages was drawn before.
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    hide();
    check();
  });

  // A page of a family hears at once that its session has ended, for example by a restriction; others ask now and then.
  let ears;
  let deafUntil = 0;
  const hear = () => {
    const listens = !document.hidden && !cover && Date.now() > deafUntil && document.querySelector(".fam");
    if (Boolean(listens) === Boolean(ears)) return;
    ears?.close();
    ears = undefined;
    if (!listens) return;
    ears = new EventSource(`/session/ended?stamp=${stamp}`);
    const end = () => {
      ears?.close();
      ears = undefined;
      check();
    };
    ears.addEventListener("ended", end);
    // Nobody is signed in, or the server is away: it does not try again by itself.
    ears.addEventListener("error", ({ target }) => {
      if (target.readyState !== EventSource.CLOSED) return;
      deafUntil = Date.now() + 5000;
      end();
    });
  };
  addEventListener("DOMContentLoaded", hear);
  document.addEventListener("visibilitychange", hear);
  addEventListener("pageshow", hear);
  addEventListener("pagehide", () => {
    ears?.close();
    ears = undefined;
  });

  // Warns before something typed is lost; not on a covered page, whose buttons say what they do.
  addEventListener("beforeunload", (event) => {
    if (!cover && isTyped()) event.preventDefault();
  });
  addEventListener(
    "click",
    (event) => {
      const link = event.target.closest?.("a[href]");
      const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
      if (link) root.removeAttribute("data-returned");
      if (cover || !link || !isPlain || link.target || link.download || !isOurs(link.href)) return;
      // Links of other pages load them, and then the browser asks.
      if (!root.hasAttribute("data-alive") || link.rel === "external" || link.pathname === location.pathname) return;
      if (!isTyped()) return;
      if (confirm("What you typed is not saved yet. Leave this page?")) forget();
      else {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    },
    true,
  );
}
