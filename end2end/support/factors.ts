import { createHmac } from 'node:crypto';
import type { CDPSession, Page } from '@playwright/test';

/** The code that an authenticator app with this secret shows (RFC 6238), now or this many 30-second steps later. */
export function appCode(secret: string, later = 0): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const hash = createHmac('sha1', base32(secret)).update(counter).digest();
  const word = hash.readUInt32BE(hash[19] & 0xf) & 0x7fffffff;
  return String(word % 1_000_000).padStart(6, '0');
}

function base32(text: string): Buffer {
  const bits = [...text.replace(/\s/g, '')]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** A device with a fingerprint reader that stores passkeys, in one tab of the browser. */
export class Device {
  private constructor(
    private readonly session: CDPSession,
    private readonly authenticatorId: string,
  ) {}

  static async in(page: Page): Promise<Device> {
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable');
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return new Device(session, authenticatorId);
  }

  /** Sets whether it recognises the finger. */
  async recognises(isUserVerified: boolean): Promise<void> {
    await this.session.send('WebAuthn.setUserVerified', { authenticatorId: this.authenticatorId, isUserVerified });
  }

  /** Sets the signature counter of its passkey; a lower value makes it look like an old copy. */
  async countFrom(signCount: number): Promise<void> {
    const { credentials } = await this.session.send('WebAuthn.getCredentials', { authenticatorId: this.authenticatorId });
    for (const credential of credentials) {
      const { credentialId } = credential;
      await this.session.send('WebAuthn.removeCredential', { authenticatorId: this.authenticatorId, credentialId });
      await this.session.send('WebAuthn.addCredential', {
        authenticatorId: this.authenticatorId,
        credential: { ...credential, signCount },
      });
    }
  }
}
