// Documents that the design gives no schema for: its interfaces, and the example where there is not even one.

import { z } from "zod";
import { AutomationConfigSchema } from "./schemas.mjs";

const timestamp = z.string().datetime();

// interface WorkspaceInfo
export const WorkspaceInfoSchema = z.object({
  automationId: z.string(),
  automationType: z.string(),
  sessionId: z.string(),
  created: timestamp,
  lastUpdated: timestamp,
  status: z.enum(["active", "complete", "failed", "abandoned"]),
  repository: z.object({
    forkUrl: z.string(),
    upstreamUrl: z.string(),
    branch: z.string(),
    commit: z.string(),
  }),
  size: z.object({
    bytes: z.number(),
    humanReadable: z.string(),
  }),
  preserve: z.boolean(),
});

// The example of state.json. The gateway writes any object there, so only what names the run must be in it.
export const RuntimeStateSchema = z.object({
  automationId: z.string(),
  sessionId: z.string(),
  startTime: timestamp.optional(),
  lastUpdate: timestamp.optional(),
  status: z.string(),
  currentPhase: z.string().optional(),
  progress: z.object({
    percentage: z.number(),
    milestone: z.string(),
    details: z.object({
      totalConflicts: z.number(),
      resolvedConflicts: z.number(),
      currentFile: z.string(),
    }).partial(),
  }).partial().optional(),
  git: z.object({
    workspaceInitialized: z.boolean(),
    forkCloned: z.boolean(),
    upstreamAdded: z.boolean(),
    currentCommit: z.string(),
    upstreamCommit: z.string(),
  }).partial().optional(),
  merge: z.object({
    mergeStarted: z.boolean(),
    conflictsDetected: z.number(),
    conflictsResolved: z.number(),
    conflictsSkipped: z.number(),
    uncertainResolutions: z.array(z.any()),
  }).partial().optional(),
  resolution: z.object({
    wrongPathCorrections: z.number(),
    totalConflicts: z.number(),
  }).partial().optional(),
  artifacts: z.object({
    branchCreated: z.string(),
    branchUrl: z.string(),
  }).partial().optional(),
});

// interface ProgressState; the session stands in the example alone.
export const ProgressStateSchema = z.object({
  automationId: z.string(),
  sessionId: z.string().optional(),
  timeline: z.array(z.object({
    timestamp,
    milestone: z.string(),
    percentage: z.number(),
    details: z.record(z.any()),
  })).max(1000),
  lastUpdate: timestamp,
});

// What exportAutomations writes and importAutomations reads.
export const ExportSchema = z.object({
  version: z.literal(1),
  exportedAt: timestamp,
  automations: z.array(AutomationConfigSchema),
});
