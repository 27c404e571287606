/* The draft of a questionnaire: in this browser alone, locked by the link's own secret and by a half of the key that the
   server gives only while the round is open. Its name tells nothing, its size neither. The server never sees it. */
"use strict";

const DRAFT_PREFIX = "udkast.";
const DRAFT_BLOCK = 4096; // bytes that a locked draft is filled up to a multiple of, as a sealed ballot is
const DAY = 24 * 60 * 60 * 1000;

class Draft {
  #name;
  #key;
  #until;
  #waiting = null;
  #writing = null;
  #isThere = false;
  #ended = false;
  #removals = 0;

  constructor(name, key, until) {
    this.#name = name;
    this.#key = key;
    this.#until = until;
  }

  /** The draft of this link, or null where the browser can keep none. `closes` is the round's last day, if known. */
  static async open(token, half, days, closes) {
    try {
      const probe = DRAFT_PREFIX + "prøve";
      localStorage.setItem(probe, "x");
      localStorage.removeItem(probe);
      const secret = await Draft.#secretOf(token);
      const hkdf = { name: "HKDF", hash: "SHA-256", salt: bytes(half), info: bytes("nøgle") };
      const key = await crypto.subtle.deriveKey(hkdf, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
      return new Draft(await Draft.nameOf(token), key, { days, closes });
    } catch {
      return null;
    }
  }

  static #secretOf(token) {
    return crypto.subtle.importKey("raw", bytes(token), "HKDF", false, ["deriveKey", "deriveBits"]);
  }

  /** The name under which it is kept: made from the link's secret, so it tells neither cluster nor doctor. */
  static async nameOf(token) {
    const hkdf = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: bytes("navn") };
    const name = new Uint8Array(await crypto.subtle.deriveBits(hkdf, await Draft.#secretOf(token), 128));
    return DRAFT_PREFIX + Array.from(name, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** What was written last, or null. Too old is removed, and so is what can't be unlocked. */
  async read() {
    const kept = localStorage.getItem(this.#name);
    if (kept === null) return null;
    try {
      const { until, box } = JSON.parse(kept);
      if (today() > until) throw new Error("too old");
      const locked = Uint8Array.from(atob(box), (sign) => sign.charCodeAt(0));
      const open = await crypto.subtle.decrypt({ name: "AES-GCM", iv: locked.slice(0, 12) }, this.#key, locked.slice(12));
      const content = JSON.parse(new TextDecoder().decode(open));
      this.#isThere = true;
      return content;
    } catch {
      this.remove();
      return null;
    }
  }

  /** Keep this instead. Gives false where it is not kept: the browser would not, or it was sent or deleted elsewhere. Of several at once the last one is kept. */
  async write(content) {
    this.#waiting = content;
    this.#writing ??= this.#writeAll().finally(() => { this.#writing = null; });
    return this.#writing;
  }

  async #writeAll() {
    while (this.#waiting !== null && !this.#ended) {
      const content = bytes(JSON.stringify(this.#waiting));
      const removals = this.#removals;
      this.#waiting = null;
      const padded = new Uint8Array(Math.ceil(content.length / DRAFT_BLOCK) * DRAFT_BLOCK).fill(32); // spaces after JSON mean nothing
      padded.set(content);
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const locked = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.#key, padded));
      const box = btoa(String.fromCharCode(...iv) + Array.from(locked, (byte) => String.fromCharCode(byte)).join(""));
      this.#ended ||= this.#isThere && localStorage.getItem(this.#name) === null;
      if (this.#ended) return false;
      if (removals !== this.#removals) continue; // removed while it was being locked
      const { days, closes } = this.#until;
      try {
        localStorage.setItem(this.#name, JSON.stringify({ until: today(days), closes: closes ?? null, box }));
        this.#isThere = true;
      } catch {
        return false;
      }
    }
    return !this.#ended;
  }

  /** Gone from this device; what is on its way is not written any more. */
  remove() {
    this.#waiting = null;
    this.#removals += 1;
    this.#isThere = false;
    localStorage.removeItem(this.#name);
  }

  /** Once another tab has sent it or deleted it, nothing is written from here any more. */
  endWhenRemovedElsewhere() {
    addEventListener("storage", (event) => {
      if (event.key === this.#name && event.newValue === null) this.#ended = true;
    });
  }

  /** Remove every draft whose round has closed or whose days are over. `but` is one that is open on this page. */
  static sweep(but) {
    for (const name of Object.keys(localStorage).filter((each) => each.startsWith(DRAFT_PREFIX) && each !== but)) {
      try {
        const { until, closes } = JSON.parse(localStorage.getItem(name));
        if (today() > until || (closes && today() > closes)) localStorage.removeItem(name);
      } catch {
        localStorage.removeItem(name);
      }
    }
  }
}

function bytes(text) {
  return new TextEncoder().encode(text);
}

/** The day that is so many days ahead, as 2026-03-13. */
function today(ahead = 0) {
  return new Date(Date.now() + ahead * DAY).toISOString().slice(0, 10);
}

(async () => {
  try {
    const token = location.pathname.match(/^\/svar\/([^/]+)/)?.[1];
    const name = token && (await Draft.nameOf(decodeURIComponent(token)));
    if (name && document.querySelector("[data-draft=gone]")) localStorage.removeItem(name);
    Draft.sweep(name);
  } catch {
    // A browser that keeps nothing has nothing to remove.
  }
  document.documentElement.dataset.drafts = "looked-at";
})();
