import { existsSync } from 'node:fs';
import { getuid } from 'node:process';

/** Debian's Chromium. Cannot use its sandbox when run as root. */
export function chromium() {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
    existsSync(path),
  );
  if (!executablePath) throw new Error('no Chromium found: install it (apt-get install chromium)');
  return { executablePath, args: getuid?.() === 0 ? ['--no-sandbox'] : [] };
}
