// Reads [[expression, zone, after, count], …] and writes the next runs of each by croner; null where it refuses.
import { Cron } from "croner";
import { readFileSync } from "node:fs";

const answers = JSON.parse(readFileSync(0, "utf8")).map(([expression, zone, after, count]) => {
  try {
    return new Cron(expression, { timezone: zone, catch: false }).nextRuns(count, new Date(after)).map((at) => at.toISOString());
  } catch {
    return null;
  }
});
process.stdout.write(JSON.stringify(answers));
