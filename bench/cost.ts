/**
 * What the platform costs a month at three sizes, on paper: `npm run bench -- cost`. docs/scale.md shows its table. Every number that is not
 * computed is an assumption and stands here with its source; change it here, run it, and copy the table.
 */

/**
 * US dollars, list prices for us-central1, discounts for commitment left out. Looked up on 2026-11-23, in copies and by third parties: Cloud
 * Run's CPU, memory and requests, Cloud SQL's CPU and memory. All others are assumed from memory and to be checked at the address beside them.
 */
const price = {
  // Cloud Run, billed by request, tier 1: https://cloud.google.com/run/pricing. The free tier is left out above 1 k members.
  vcpuSecond: 0.000024,
  gibSecond: 0.0000025,
  // An instance that is kept warm and does nothing.
  idleVcpuSecond: 0.0000025,
  millionRequests: 0.4,
  freeVcpuSeconds: 180_000,
  freeGibSeconds: 360_000,
  freeRequestsMillion: 2,
  // Cloud SQL Enterprise: https://cloud.google.com/sql/pricing. Two zones cost twice.
  sqlVcpuHour: 0.0413,
  sqlGibHour: 0.007,
  sqlGibMonth: 0.17,
  backupGibMonth: 0.08,
  // Firestore: https://cloud.google.com/firestore/pricing.
  firestoreReads: 0.03 / 100_000,
  firestoreWrites: 0.09 / 100_000,
  firestoreDeletes: 0.01 / 100_000,
  // Identity Platform, by member active in the month: https://cloud.google.com/identity-platform/pricing.
  activeMember: [
    { upTo: 50_000, each: 0 },
    { upTo: 100_000, each: 0.0055 },
    { upTo: 1_000_000, each: 0.0046 },
    { upTo: 10_000_000, each: 0.0032 },
    { upTo: Number.POSITIVE_INFINITY, each: 0.0025 },
  ],
  // Cloud Tasks: https://cloud.google.com/tasks/pricing.
  millionTasks: 0.4,
  // Cloud Logging beyond 50 GiB: https://cloud.google.com/stackdriver/pricing.
  logGib: 0.5,
  freeLogGib: 50,
  egressGib: 0.12,
  freeEgressGib: 10,
} as const;

/** What a member does in a month; a service for travel is used in a few weeks of the year. */
const habit = {
  activeShare: 0.2,
  /** Calls of the apps for each active member. */
  calls: 40,
  /** Orders for each active member, and what each causes. */
  orders: 0.3,
  eventsPerOrder: 6,
  jobsPerOrder: 12,
  /** Documents that the apps read and that the projection writes, for each active member. */
  reads: 120,
  writes: 15,
  deletes: 5,
  /** Lines of the log for each call, event and job, and their size. */
  logLines: 1.5,
  logBytes: 400,
  /** What the apps fetch, the web app's own files included. */
  egressMib: 4,
  /** Rows of an order in every table, indexes included, kept for ever. */
  bytesPerOrder: 25_000,
  bytesPerMember: 4_000,
  /** Months of orders that the database holds at the size in question. */
  months: 24,
} as const;

/**
 * Seconds in which an instance is busy with one request. CPU is what the load test measured; waiting for vendors is shared by up to
 * `sharing` requests at a time, far below the concurrency that is set, because load is uneven.
 */
const work = {
  callSeconds: 0.15,
  eventSeconds: 0.05,
  jobSeconds: 0.6,
  sharing: 3,
  callGib: 0.5,
  jobGib: 0.25,
} as const;

interface Size {
  members: number;
  database: { vcpu: number; gib: number; replicas: number };
  warm: number;
}

const sizes: readonly Size[] = [
  { members: 1_000, database: { vcpu: 1, gib: 3.75, replicas: 0 }, warm: 0 },
  { members: 100_000, database: { vcpu: 4, gib: 16, replicas: 0 }, warm: 1 },
  { members: 10_000_000, database: { vcpu: 32, gib: 128, replicas: 2 }, warm: 10 },
];

const monthHours = 730;
const monthSeconds = monthHours * 3600;
const gib = 1024 ** 3;

function identity(active: number): number {
  let below = 0;
  return price.activeMember.reduce((sum, { upTo, each }) => {
    const inTier = Math.max(0, Math.min(active, upTo) - below);
    below = upTo;
    return sum + inTier * each;
  }, 0);
}

/** The bill of one size, by what is billed. */
function bill({ members, database, warm }: Size): Record<string, number> {
  const active = members * habit.activeShare;
  const orders = active * habit.orders;
  const [calls, events, jobs] = [active * habit.calls, orders * habit.eventsPerOrder, orders * habit.jobsPerOrder];
  // The sweeper and the two nightly runs, at any size.
  const schedules = (monthHours * 60 * 0.5) / work.sharing;
  const callSeconds = (calls * work.callSeconds) / work.sharing;
  const jobSeconds = (events * work.eventSeconds + jobs * work.jobSeconds) / work.sharing + schedules;
  const requests = (calls + events + jobs) / 1e6;
  const vcpu = Math.max(0, callSeconds + jobSeconds - price.freeVcpuSeconds) * price.vcpuSecond;
  const memory =
    Math.max(0, callSeconds * work.callGib + jobSeconds * work.jobGib - price.freeGibSeconds) * price.gibSecond;
  const idle = warm * monthSeconds * (price.idleVcpuSecond + work.callGib * price.gibSecond);
  const storage = Math.max(10, (orders * habit.months * habit.bytesPerOrder + members * habit.bytesPerMember) / gib);
  const machine = database.vcpu * price.sqlVcpuHour + database.gib * price.sqlGibHour;
  const logGib = ((calls + events + jobs) * habit.logLines * habit.logBytes) / gib;
  return {
    'Cloud Run': vcpu + memory + idle + Math.max(0, requests - price.freeRequestsMillion) * price.millionRequests,
    'Cloud SQL, two zones': 2 * (machine * monthHours + storage * price.sqlGibMonth),
    'read replicas': database.replicas * (machine * monthHours + storage * price.sqlGibMonth),
    backups: 3 * storage * price.backupGibMonth,
    Firestore:
      active *
      (habit.reads * price.firestoreReads +
        habit.writes * price.firestoreWrites +
        habit.deletes * price.firestoreDeletes),
    'Identity Platform': identity(active),
    'Cloud Tasks': Math.max(0, jobs / 1e6 - 1) * price.millionTasks,
    Logging: Math.max(0, logGib - price.freeLogGib) * price.logGib,
    'traffic out': Math.max(0, (active * habit.egressMib) / 1024 - price.freeEgressGib) * price.egressGib,
  };
}

const dollars = (amount: number): string =>
  amount < 10 ? amount.toFixed(2) : Math.round(amount).toLocaleString('en-US');
const bills = sizes.map(bill);
const total = (each: Record<string, number>): number => Object.values(each).reduce((sum, amount) => sum + amount, 0);
const rows: [string, string[]][] = [
  ...Object.keys(bills[0] ?? {}).map((name): [string, string[]] => [
    name,
    bills.map((each) => dollars(each[name] ?? 0)),
  ]),
  ['**sum**', bills.map((each) => dollars(total(each)))],
  ['for each member', bills.map((each, index) => (total(each) / (sizes[index]?.members ?? 1)).toFixed(4))],
  ['calls in the busiest second', sizes.map(({ members }) => peak(members).toFixed(1))],
  ['database, GiB', sizes.map(({ members }) => storageOf(members).toFixed(0))],
];

/** The busiest second has ten times the mean: travellers land in the same hours. */
function peak(members: number): number {
  return (10 * members * habit.activeShare * habit.calls) / monthSeconds;
}

function storageOf(members: number): number {
  const orders = members * habit.activeShare * habit.orders * habit.months;
  return (orders * habit.bytesPerOrder + members * habit.bytesPerMember) / gib;
}

console.log(
  `| US dollars a month | ${sizes.map(({ members }) => `${members.toLocaleString('en-US')} members`).join(' | ')} |`,
);
console.log(`| --- | ${sizes.map(() => '---:').join(' | ')} |`);
for (const [name, cells] of rows) console.log(`| ${name} | ${cells.join(' | ')} |`);
