import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  assertFails,
  assertSucceeds,
  initializeTestEnvironment,
  type RulesTestContext,
  type RulesTestEnvironment,
} from '@firebase/rules-unit-testing';
import { collection, deleteDoc, doc, getDoc, getDocs, setDoc, setLogLevel, updateDoc } from 'firebase/firestore';
import { afterAll, beforeAll, describe, test } from 'vitest';

// Every document below is tried as the four kinds of people that there are.
const owner = 'ann';
const tree = [
  `members/${owner}`,
  `members/${owner}/orders/ord_1`,
  `members/${owner}/lines/lin_1`,
  `members/${owner}/rewards/summary`,
];
const hidden = [
  'members/ben/orders/ord_2',
  `members/${owner}/notes/n1`,
  `members/${owner}/orders/ord_1/events/e1`,
  'public/settings',
  'private/secrets',
];

let environment: RulesTestEnvironment;
let people: Record<'owner' | 'other member' | 'anonymous' | 'operator', RulesTestContext>;

beforeAll(async () => {
  // What is refused here is refused on purpose: the SDK need not tell of each.
  setLogLevel('silent');
  environment = await initializeTestEnvironment({
    projectId: 'demo-rules',
    firestore: { rules: readFileSync(path.resolve(import.meta.dirname, '../../../firestore.rules'), 'utf8') },
  });
  await environment.clearFirestore();
  await environment.withSecurityRulesDisabled(async (context) => {
    for (const document of [...tree, ...hidden, 'members/ben', 'public/catalog']) {
      await setDoc(doc(context.firestore(), document), { createdAt: '2026-01-01T00:00:00.000Z' });
    }
  });
  people = {
    owner: environment.authenticatedContext(owner, { email: 'ann@example.com', email_verified: true }),
    'other member': environment.authenticatedContext('ben', { email: 'ben@example.com', email_verified: true }),
    anonymous: environment.unauthenticatedContext(),
    operator: environment.authenticatedContext('opal', { email: 'opal@example.com', role: 'owner' }),
  };
});

afterAll(() => environment.cleanup());

const everybody = ['owner', 'other member', 'anonymous', 'operator'] as const;
const strangers = ['other member', 'anonymous', 'operator'] as const;

describe('a member tree', () => {
  test.each(tree)('%s is read by its owner', async (document) => {
    await assertSucceeds(getDoc(doc(people.owner.firestore(), document)));
  });

  test.each(['orders', 'lines', 'rewards'])('the %s are listed by their owner', async (name) => {
    await assertSucceeds(getDocs(collection(people.owner.firestore(), `members/${owner}/${name}`)));
  });

  for (const who of strangers) {
    test.each(tree)(`%s is hidden from ${who === 'operator' ? 'an' : 'the'} ${who}`, async (document) => {
      await assertFails(getDoc(doc(people[who].firestore(), document)));
    });

    test.each(['orders', 'lines', 'rewards'])(`the %s can't be listed by the ${who}`, async (name) => {
      await assertFails(getDocs(collection(people[who].firestore(), `members/${owner}/${name}`)));
    });
  }
});

describe('the catalogue', () => {
  test.each(everybody)('is read by the %s', async (who) => {
    await assertSucceeds(getDoc(doc(people[who].firestore(), 'public/catalog')));
  });

  test.each(everybody)("lies in a collection that the %s can't list", async (who) => {
    await assertFails(getDocs(collection(people[who].firestore(), 'public')));
  });
});

describe.each(everybody)('the %s', (who) => {
  test.each([...tree, ...hidden, 'public/catalog', 'members/new', 'new/document'])(
    "can't write %s",
    async (document) => {
      const target = doc(people[who].firestore(), document);
      await assertFails(setDoc(target, { role: 'owner' }));
      await assertFails(updateDoc(target, { role: 'owner' }));
      await assertFails(deleteDoc(target));
    },
  );

  test.each(hidden.filter((document) => who !== 'other member' || !document.startsWith('members/ben')))(
    "can't read %s, which no rule names",
    async (document) => {
      await assertFails(getDoc(doc(people[who].firestore(), document)));
    },
  );

  test("can't list members", async () => {
    await assertFails(getDocs(collection(people[who].firestore(), 'members')));
  });
});
