import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { moneySchema, priceSchema } from '../money-schemas.ts';
import { declareOperation } from '../operation.ts';
import { orderSchema } from './orders.ts';

export const alertSchema = z.object({
  id: idSchema('alert'),
  kind: z.string(),
  subject: z.string().meta({ description: 'Id of the thing concerned.' }),
  message: z.string(),
  raisedAt: z.iso.datetime(),
  resolvedAt: z.iso.datetime().nullable(),
});

export const listAlerts = declareOperation({
  name: 'listAlerts',
  method: 'GET',
  path: '/admin/alerts',
  access: ['owner', 'operations', 'support', 'finance'],
  input: z.object({ open: z.stringbool().default(true) }),
  output: z.object({ alerts: z.array(alertSchema) }),
  idempotent: false,
  summary: 'Alerts: jobs that gave up, deadlines passed, differences found.',
  errors: [],
});

export const closeAlert = declareOperation({
  name: 'closeAlert',
  method: 'POST',
  path: '/admin/alerts/{alertId}/close',
  access: ['owner', 'operations', 'finance'],
  input: z.object({ alertId: idSchema('alert'), reason: z.string().trim().min(3).max(500) }),
  output: alertSchema,
  idempotent: true,
  summary: 'Closes an alert that a person has seen to.',
  errors: ['not_found'],
});

export const retryJob = declareOperation({
  name: 'retryJob',
  method: 'POST',
  path: '/admin/jobs/{jobId}/retry',
  access: ['owner', 'operations'],
  input: z.object({ jobId: idSchema('job'), reason: z.string().trim().min(3).max(500) }),
  output: z.object({ jobId: idSchema('job') }),
  idempotent: true,
  summary: 'Puts a dead job back in its queue.',
  errors: ['not_found', 'order.wrong_state'],
});

export const refundOrder = declareOperation({
  name: 'refundOrder',
  method: 'POST',
  path: '/admin/orders/{orderId}/refund',
  access: ['owner', 'finance', 'support'],
  input: z.object({
    orderId: idSchema('order'),
    amount: priceSchema.strict().optional().meta({ description: 'In part; the rest of the order when left out.' }),
    reason: z.string().trim().min(3).max(500),
  }),
  output: orderSchema,
  idempotent: true,
  summary: 'Gives money back for an order, in part or whole.',
  errors: ['not_found', 'order.not_refundable'],
});

export const findMember = declareOperation({
  name: 'findMember',
  // In the body, because addresses of requests are logged by every server on the way, and this one would hold an e-mail address.
  method: 'POST',
  path: '/admin/members/search',
  access: ['owner', 'operations', 'support'],
  input: z.object({ email: z.email().optional(), memberId: idSchema('member').optional() }),
  output: z.object({
    member: z
      .object({
        memberId: idSchema('member'),
        createdAt: z.iso.datetime(),
        email: z.string().nullable(),
        orders: z.array(orderSchema),
      })
      .nullable(),
  }),
  idempotent: false,
  summary: 'A member by e-mail address or id, with orders. Every look is audited.',
  errors: [],
});

export const listDifferences = declareOperation({
  name: 'listDifferences',
  method: 'GET',
  path: '/admin/reconciliation',
  access: ['owner', 'finance', 'operations'],
  input: z.object({}),
  output: z.object({
    ranAt: z.iso.datetime().nullable(),
    differences: z.array(
      z.object({
        id: idSchema('reconciliation'),
        kind: z.string(),
        subject: z.string(),
        expected: moneySchema.nullable(),
        found: moneySchema.nullable(),
        cause: z.string(),
      }),
    ),
  }),
  idempotent: false,
  summary: 'What the last nightly reconciliation found.',
  errors: [],
});
