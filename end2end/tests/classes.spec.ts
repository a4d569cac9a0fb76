// A class is edited, its impact seen, a version published, and rolled out to one of its two users.
import { carryOut, plan } from '../support/apply.ts'
import { lookAt } from '../support/look.ts'
import { project, service } from '../support/manifests.ts'
import { expect, test } from '../support/test.ts'

/** A class of our own, and two services made with it. */
const made = (name: string): string => `apiVersion: openchoreo.dev/v1alpha1
kind: ServiceClass
metadata:
  name: ${name}
spec:
  deploymentTemplate:
    replicas: 1
    template:
      spec:
        containers:
          - name: main
            resources:
              limits:
                memory: 256Mi
---
${users(name)
  .map((user) => `${service(user, 'v1')}  className: ${name}\n`)
  .join('---\n')}`

const users = (name: string): string[] => [`${name}-a`, `${name}-b`]

test('an edit is seen, published, and rolled out to one of two', async ({ page, scripted }, info) => {
  test.slow()
  const name = scripted ? 'class-with' : 'class-without'
  const [chosen, other] = users(name) as [string, string]
  await plan(page, made(name))
  await carryOut(page)
  const main = page.getByRole('main')
  const has = (user: string) => main.getByRole('row', { name: new RegExp(`${user} ${project}`) })
  await expect(async () => {
    await page.goto(`/classes/serviceclasses/${name}`)
    await expect(has(chosen)).toContainText('v1 in development', { timeout: 1_000 })
    await expect(has(other)).toContainText('v1 in development', { timeout: 1_000 })
  }).toPass({ timeout: 40_000 })

  await main.getByRole('link', { name: 'Edit', exact: true }).click()
  await page.getByLabel('Memory at most').fill('128Mi')
  await page.getByLabel('Replicas').fill('2')
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'What v2 would do' })).toBeVisible()
  await expect(main).toContainText('Deployment: replicas: 1 → 2')
  await expect(main).toContainText('Deployment: memory limit of main: 256Mi → 128Mi')
  await expect(main).toContainText(`${chosen} development, has v1`)
  await lookAt(page, 'class-impact', info, scripted)

  await page.getByRole('button', { name: 'Publish now' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name)
  // Publishing moves nobody.
  await expect(has(chosen)).toContainText('v1 in development')
  await expect(main.getByRole('row', { name: /^v2 newest/ })).toContainText('replicas: 1 → 2')

  await main.getByRole('link', { name: 'Roll out v2' }).click()
  await page.getByRole('checkbox', { name: `${chosen} of ${project}` }).check()
  await lookAt(page, 'class-rollout', info, scripted)
  await page.getByRole('button', { name: 'Roll out to the chosen' }).click()
  await expect(async () => {
    await page.goto(`/classes/serviceclasses/${name}`)
    await expect(has(chosen)).toContainText('v2 in development', { timeout: 1_000 })
  }).toPass({ timeout: 40_000 })
  await expect(has(other)).toContainText('v1 in development')
  await expect(main).toContainText('1 of 1 took it')
  await lookAt(page, 'class', info, scripted)

  await page.goto(`/classes/serviceclasses/${name}/diff?from=1&to=2`)
  await expect(main).toContainText('memory limit of main: 256Mi → 128Mi')
  await lookAt(page, 'class-diff', info, scripted)
})

test.describe('a template that Kubernetes does not know', () => {
  test.use({ forgive: [/status of 422/] })

  test('is refused with its line, and form and YAML go to and fro', async ({ page, scripted }, info) => {
    test.slow()
    await page.goto('/classes/serviceclasses/new')
    await page.getByLabel('Name', { exact: true }).fill(scripted ? 'typed-with' : 'typed-without')
    await page.getByRole('button', { name: 'Write it as YAML' }).click()
    const text = page.getByRole('textbox', { name: 'Manifest' })
    const whole = await text.inputValue()
    await text.fill(whole.replace('replicas:', 'replica:'))
    await page.getByRole('button', { name: 'Create class' }).click()
    const main = page.getByRole('main')
    await expect(main).toContainText('Line 7')
    await expect(main).toContainText('spec.deploymentTemplate.replica: unknown field')
    await expect(main).toContainText('Did you mean `replicas`?')
    await lookAt(page, 'class-yaml', info, scripted)

    // What the form doesn't show goes along.
    await text.fill(whole.replace('replicas: 1', 'replicas: 3\n    minReadySeconds: 5'))
    await page.getByRole('button', { name: 'Back to the form' }).click()
    await expect(page.getByLabel('Replicas')).toHaveValue('3')
    await page.getByLabel('Memory at most').fill('64MB')
    await page.getByRole('button', { name: 'Create class' }).click()
    await expect(main.getByText('Write `64Mi`').first()).toBeVisible()
    await page.getByLabel('Memory at most').fill('64Mi')
    await page.getByRole('button', { name: 'Create class' }).click()
    await expect(main).toContainText('minReadySeconds: 5')
    await expect(main).toContainText('memory: 64Mi')
  })
})

for (const [name, path] of [
  ['classes', '/classes'],
  ['class-new', '/classes/scheduledtaskclasses/new'],
  ['class-fields', '/classes/serviceclasses/fields?path=spec.deploymentTemplate.template.spec.containers'],
] as const) {
  test(`${name} fits and is accessible`, async ({ page, scripted }, info) => {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
    await lookAt(page, name, info, scripted)
  })
}
