import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { sendgridError, smtpError } from './errors.ts';

const failure = (fields: object) => Object.assign(new Error('no mail for ada@example.com'), fields);
const answered = (code: number, body: unknown = {}) => failure({ code, response: { headers: {}, body } });

describe('sendgridError', () => {
  it.each([
    ['a limit', 'vendor.unavailable', answered(429)],
    ['an outage', 'vendor.unavailable', answered(503, '<html>')],
    ['wrong credentials', 'vendor.unavailable', answered(401)],
    ['a failed connection', 'vendor.unavailable', failure({ isAxiosError: true, code: 'ECONNREFUSED' })],
    ['a bad request', 'vendor.refused', answered(400)],
    ['a mail that is too large', 'vendor.refused', answered(413)],
    ['a mail that the library refuses', 'vendor.refused', failure({})],
    ['what is no error', 'vendor.refused', 'ada@example.com'],
  ])('turns %s into %s', (_, code, error) => {
    const mapped = sendgridError(error);
    expect(mapped.code).toBe(code);
    expect(inspect(mapped, { depth: 10 })).not.toContain('ada@example.com');
  });

  it('names the refused fields and nothing that they held', () => {
    const errors = [
      { message: 'ada@example.com is no address', field: 'personalizations.0.to.0.email', help: null },
      { message: 'x', field: 'ada@example.com' },
      null,
    ];
    expect(sendgridError(answered(400, { errors })).message).toBe(
      'SendGrid answered 400, fields personalizations.0.to.0.email',
    );
  });
});

describe('smtpError', () => {
  it.each([
    ['a mailbox that does not exist', 'vendor.refused', { code: 'EENVELOPE', responseCode: 550, command: 'RCPT TO' }],
    ['a message that the server refuses', 'vendor.refused', { code: 'EMESSAGE', responseCode: 554, command: 'DATA' }],
    ['an address that is none', 'vendor.refused', { code: 'EENVELOPE' }],
    ['greylisting', 'vendor.unavailable', { code: 'EENVELOPE', responseCode: 451, command: 'RCPT TO' }],
    ['a refused sign-in', 'vendor.unavailable', { code: 'EAUTH', responseCode: 535, command: 'AUTH PLAIN' }],
    ['a failed connection', 'vendor.unavailable', { code: 'ECONNECTION' }],
    ['a time-out', 'vendor.unavailable', { code: 'ETIMEDOUT' }],
    ['a name that cannot be resolved', 'vendor.unavailable', { code: 'EDNS' }],
  ])('turns %s into %s', (_, code, fields) => {
    const mapped = smtpError(failure({ ...fields, response: '550 ada@example.com unknown' }));
    expect(mapped.code).toBe(code);
    expect(inspect(mapped, { depth: 10 })).not.toContain('ada@example.com');
  });

  it('says what the server said in numbers', () => {
    expect(smtpError(failure({ code: 'EENVELOPE', responseCode: 550, command: 'RCPT TO' })).message).toBe(
      'SMTP server did not take the mail: EENVELOPE 550 RCPT TO',
    );
  });
});
