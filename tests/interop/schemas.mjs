// The schemas of storage-layer-design.md, word for word; test_checker.py holds them against the document.
// zod 3: the design was written for it, and zod 4 has no z.record() of one argument.

import { z } from "zod";

export const DispatcherConfigSchema = z.object({
  version: z.literal(1),
  maxConcurrent: z.number().min(1).max(10).default(3),
  lockTimeoutHours: z.number().min(1).max(24).default(4),
  enabled: z.boolean().default(true),
  logLevel: z.enum(["debug", "info", "warn", "error"]).default("info"),
  notifications: z.object({
    onStart: z.boolean().default(false),
    onComplete: z.boolean().default(true),
    onError: z.boolean().default(true),
    channels: z.array(z.string()).default(["#cb-activity"]),
  }),
  lastModified: z.string().datetime(),
  lastModifiedBy: z.string().email().optional(),
});

export const AutomationConfigSchema = z.object({
  // Metadata
  id: z.string().regex(/^[a-z0-9-]+$/),
  type: z.string(),
  name: z.string().min(1).max(100),
  description: z.string().optional(),
  enabled: z.boolean().default(true),

  // Scheduling
  schedule: z.object({
    type: z.enum(["cron", "interval", "at"]),
    value: z.string(),
  }),

  // Type-specific config (validated by automation type)
  config: z.record(z.any()),

  // Run tracking
  lastRun: z.object({
    timestamp: z.string().datetime(),
    status: z.enum(["success", "partial", "failed", "cancelled"]),
    duration: z.number(), // milliseconds
    summary: z.string(),
  }).optional(),

  nextRun: z.string().datetime().optional(),

  runHistory: z.array(z.object({
    timestamp: z.string().datetime(),
    status: z.enum(["success", "partial", "failed", "cancelled"]),
    duration: z.number(),
    summary: z.string(),
  })).max(100), // Keep last 100 runs

  // Timestamps
  created: z.string().datetime(),
  modified: z.string().datetime(),
});

export const ConcurrencyStateSchema = z.object({
  version: z.literal(1),
  maxSlots: z.number().min(1).max(10),
  activeSlots: z.array(z.object({
    automationId: z.string(),
    sessionId: z.string(),
    acquiredAt: z.string().datetime(),
    slotNumber: z.number().int().positive(),
  })),
  lastUpdated: z.string().datetime(),
});

export const DispatcherLogEntrySchema = z.object({
  timestamp: z.string().datetime(),
  level: z.enum(["debug", "info", "warn", "error"]),
  event: z.string(),
  automationId: z.string().optional(),
  sessionId: z.string().optional(),
  reason: z.string().optional(),
  error: z.string().optional(),
  // Event-specific fields
  automationsCount: z.number().optional(),
  dueCount: z.number().optional(),
  dispatched: z.number().optional(),
  skipped: z.number().optional(),
  duration: z.number().optional(),
});

export const AutomationLogEntrySchema = z.object({
  timestamp: z.string().datetime(),
  level: z.enum(["debug", "info", "warn", "error"]),
  phase: z.enum(["init", "workspace", "git", "merge", "conflict", "resolution", "pr", "complete", "cleanup"]),
  message: z.string(),
  automationId: z.string(),
  sessionId: z.string().optional(),
  // Phase-specific fields
  workspaceDir: z.string().optional(),
  repository: z.string().optional(),
  upstream: z.string().optional(),
  branch: z.string().optional(),
  depth: z.number().optional(),
  file: z.string().optional(),
  hunks: z.number().optional(),
  confidence: z.number().optional(),
  total: z.number().optional(),
  resolved: z.number().optional(),
  prNumber: z.number().optional(),
  prUrl: z.string().optional(),
  status: z.enum(["success", "partial", "failed", "cancelled"]).optional(),
  duration: z.number().optional(),
  error: z.string().optional(),
});

// `user@host:path` is no URL, and every example of the design uses it (errata 5).
const ScpAddressSchema = z.string().regex(/^(?:[^\s/:@]+@)?[^\s/:]+:\/?[^\s/]\S*$/);

export const RepositoryLockSchema = z.object({
  repoUrl: z.string().url().or(ScpAddressSchema),
  repoKey: z.string(),
  automationId: z.string(),
  sessionId: z.string(),
  acquiredAt: z.string().datetime(),
  pid: z.number().int().positive(),
  hostname: z.string(),
  lockType: z.literal("repository"),
});
