// What the gate may hold, so that it stays one that two cores can carry: whoever adds a real call beyond it takes another
// out, or makes it a test of the page. A test that cannot be mended at once may stand aside as `@quarantine`, with the reason
// beside it; `make test-all` runs it.
import { execFileSync } from 'node:child_process';

const limits = { 'real calls': 60, 'in Firefox': 12, '@quarantine': 5 };

const listed = JSON.parse(
  execFileSync('npx', ['playwright', 'test', '--list', '--reporter=json'], { cwd: import.meta.dirname, maxBuffer: 1 << 28 }),
);
const tests = [];
const collect = ({ specs = [], suites = [] }) => {
  for (const { title, tags, tests: inProjects } of specs) {
    for (const { projectName } of inProjects) tests.push({ title, tags, project: projectName });
  }
  suites.forEach(collect);
};
collect(listed);

const inProject = (...names) => tests.filter(({ project }) => names.includes(project)).length;
const counts = {
  'real calls': inProject('preflight', 'calls', 'pbx'),
  'in Firefox': inProject('calls-in-firefox'),
  '@quarantine': tests.filter(({ tags, project }) => tags.includes('quarantine') && ['page', 'chromium'].includes(project)).length,
};
let failed = false;
for (const [what, limit] of Object.entries(limits)) {
  console.log(`${what}: ${counts[what]} of ${limit}`);
  failed ||= counts[what] > limit;
}
if (failed) {
  console.error('The gate holds too much: see tests/e2e/budget.mjs.');
  process.exit(1);
}
