// One of each document that the gateway writes, as awkward as its schema allows.

const STATUSES = ["success", "partial", "failed", "cancelled"];
const LEVELS = ["debug", "info", "warn", "error"];

export class GatewayDocuments {
  #draw;

  constructor(draw) {
    this.#draw = draw;
  }

  automation(id) {
    const draw = this.#draw;
    const full = draw.below(8) === 0;
    const runs = full ? Array.from({ length: 100 }, () => this.#run()) : draw.list(() => this.#run(), 3);
    return draw.document({
      id,
      type: draw.oneOf(["smart-sync-fork", "it's a type", "日本"]),
      name: (draw.text() + "x").slice(0, 100),
      ...(draw.maybe() && { description: draw.text() }),
      ...(draw.maybe() && { enabled: draw.maybe() }),
      schedule: draw.document({ type: draw.oneOf(["cron", "interval", "at"]), value: draw.text() }),
      config: {
        ...draw.object(),
        deep: draw.nested(draw.below(60)),
        limits: [NaN, Infinity, -Infinity],
        none: {},
        nobody: [],
      },
      ...(runs.length > 0 && draw.maybe() && { lastRun: runs[0] }),
      ...(draw.maybe() && { nextRun: draw.timestamp() }),
      runHistory: runs,
      created: draw.timestamp(),
      modified: draw.timestamp(),
    });
  }

  #run() {
    const draw = this.#draw;
    return draw.document({
      timestamp: draw.timestamp(),
      status: draw.oneOf(STATUSES),
      duration: draw.number(),
      summary: draw.text(),
    });
  }

  dispatcher() {
    const draw = this.#draw;
    return draw.document({
      version: 1,
      maxConcurrent: 1 + draw.below(10),
      lockTimeoutHours: draw.oneOf([1, 4.5, 24]),
      enabled: draw.maybe(),
      logLevel: draw.oneOf(LEVELS),
      notifications: draw.document({ onStart: draw.maybe(), channels: draw.list(() => draw.text(), 3) }),
      lastModified: draw.timestamp(),
      ...(draw.maybe() && { lastModifiedBy: draw.oneOf(["user@example.com", "o'neil+x@a-b.example.org"]) }),
    });
  }

  concurrencyState() {
    const draw = this.#draw;
    return draw.document({
      version: 1,
      maxSlots: 1 + draw.below(10),
      activeSlots: draw.list(() => this.#slot(), 3),
      lastUpdated: draw.timestamp(),
    });
  }

  #slot() {
    const draw = this.#draw;
    return draw.document({
      automationId: draw.text(),
      sessionId: draw.text(),
      acquiredAt: draw.timestamp(),
      slotNumber: 1 + draw.below(99),
    });
  }

  workspaceInfo(automationId) {
    const draw = this.#draw;
    return draw.document({
      automationId,
      automationType: draw.text(),
      sessionId: draw.text(),
      created: draw.timestamp(),
      lastUpdated: draw.timestamp(),
      status: draw.oneOf(["active", "complete", "failed", "abandoned"]),
      repository: draw.document({
        forkUrl: draw.text(),
        upstreamUrl: draw.text(),
        branch: draw.text(),
        commit: draw.text(),
      }),
      size: draw.document({ bytes: draw.number(), humanReadable: draw.text() }),
      preserve: draw.maybe(),
    });
  }

  runtimeState(automationId) {
    const draw = this.#draw;
    return draw.document({
      automationId,
      sessionId: draw.text(),
      startTime: draw.timestamp(),
      lastUpdate: draw.timestamp(),
      status: draw.oneOf(["running", draw.text()]),
      currentPhase: draw.text(),
      progress: draw.document({
        percentage: draw.number(),
        milestone: draw.text(),
        details: draw.document({ totalConflicts: draw.number(), currentFile: draw.text() }),
      }),
      git: draw.document({ forkCloned: draw.maybe(), currentCommit: draw.text() }),
      merge: draw.document({
        conflictsSkipped: draw.number(),
        uncertainResolutions: draw.list(() => draw.value(), 2),
      }),
      resolution: draw.document({ totalConflicts: draw.number() }),
      artifacts: draw.document({ branchUrl: draw.text() }),
    });
  }

  progressState(automationId) {
    const draw = this.#draw;
    return draw.document({
      automationId,
      sessionId: draw.text(),
      timeline: draw.list(() => this.#milestone(), 5),
      lastUpdate: draw.timestamp(),
    });
  }

  #milestone() {
    const draw = this.#draw;
    return draw.document({
      timestamp: draw.timestamp(),
      milestone: draw.text(),
      percentage: draw.number(),
      details: draw.object(),
    });
  }

  repositoryLock(repoKey) {
    const draw = this.#draw;
    return draw.document({
      repoUrl: draw.oneOf([
        `git@${repoKey.replace("/", ":")}.git`,
        `https://${repoKey}.git`,
        "ssh://git@host:22/~user/repo",
      ]),
      repoKey,
      automationId: draw.text(),
      sessionId: draw.text(),
      acquiredAt: draw.timestamp(),
      pid: 1 + draw.below(2 ** 22),
      hostname: draw.text(),
      lockType: "repository",
    });
  }

  dispatcherEntry() {
    return { ...this.#entry(), event: this.#draw.text(), reason: this.#draw.text() };
  }

  runEntry() {
    const draw = this.#draw;
    return {
      ...this.#entry(),
      phase: draw.oneOf(["init", "git", "pr"]),
      message: draw.text(),
      automationId: draw.text(),
    };
  }

  #entry() {
    const draw = this.#draw;
    return draw.document({ timestamp: draw.timestamp(), level: draw.oneOf(LEVELS), duration: draw.number() });
  }
}
