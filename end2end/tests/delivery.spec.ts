// A version is shipped in two fields, runs, stands still, runs again; many are restarted with one button.
import { carryOut, plan } from '../support/apply.ts'
import { lookAt } from '../support/look.ts'
import { project, service } from '../support/manifests.ts'
import { expect, test } from '../support/test.ts'
import type { Locator, Page } from '@playwright/test'

const address = (name: string): string => `/projects/${project}/components/${name}`

/** The card of an environment. */
const card = (page: Page): Locator =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Development', level: 3 }) })

/** Waits until the card says so, whether or not the page keeps itself fresh. */
async function until(page: Page, name: string, words: RegExp): Promise<void> {
  await expect(async () => {
    await page.goto(address(name))
    await expect(card(page)).toContainText(words, { timeout: 1_000 })
  }).toPass({ timeout: 40_000 })
}

async function act(page: Page, action: string): Promise<void> {
  await page.getByRole('button', { name: 'Actions in Development' }).click()
  await page.getByRole('button', { name: action, exact: true }).click()
  await expect(page).toHaveURL(/components\/[^/]+$/)
}

async function declared(page: Page, name: string): Promise<void> {
  await plan(page, service(name, 'v1'))
  await carryOut(page)
  await until(page, name, /Healthy/)
}

test('a new version in two fields, then suspended, resumed and gone back from', async ({ page, scripted }, info) => {
  test.slow()
  const name = scripted ? 'shipped-with' : 'shipped-without'
  await declared(page, name)
  await page.getByRole('textbox', { name: 'Image' }).fill(`registry.example/${name}:v2`)
  await page.getByRole('button', { name: 'Ship it' }).click()
  await expect(page).toHaveURL(new RegExp(`${name}$`))
  await until(page, name, /v2/)
  await until(page, name, /Healthy/)

  await act(page, 'Suspend')
  await until(page, name, /scaled to zero/)
  await page.getByRole('button', { name: 'Actions in Development' }).click()
  const again = page.getByRole('button', { name: /^Suspend/ })
  await expect(again).toHaveAttribute('aria-disabled', 'true')
  await expect(again).toContainText('suspended already')
  await page.keyboard.press('Escape')
  await act(page, 'Resume')
  await until(page, name, /Healthy/)

  await page.goto(`${address(name)}/environments/development`)
  await lookAt(page, 'binding', info, scripted)
  await page.getByRole('combobox', { name: 'Version' }).selectOption({ label: 'v1 (artifact 1)' })
  await page.getByRole('textbox', { name: 'Pods here' }).fill('2')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByRole('complementary', { name: 'What you will get' })).toContainText('spec.overrides')
  await page.getByRole('button', { name: 'Save now' }).click()
  await expect(page).toHaveURL(new RegExp(`${name}$`))
  await until(page, name, /v1/)
  await until(page, name, /2 of 2 pods ready/)
})

test.describe('a wrong image', () => {
  test.use({ forgive: [/status of 422/] })

  test('is told beside its field, and how pipelines send one', async ({ page, scripted }, info) => {
    test.slow()
    const name = scripted ? 'refused-with' : 'refused-without'
    await declared(page, name)
    await page.getByRole('link', { name: 'From a pipeline' }).click()
    await expect(page.getByRole('main')).toContainText(`/api/v1/projects/${project}/components/${name}/artifacts`)
    await page.getByRole('textbox', { name: 'Image' }).fill('not an image')
    await page.getByRole('button', { name: 'Ship it' }).click()
    await expect(page.getByRole('textbox', { name: 'Image' })).toHaveAttribute('aria-invalid', 'true')
    await expect(page.getByRole('textbox', { name: 'Image' })).toHaveValue('not an image')
    await lookAt(page, 'new-version', info, scripted)
  })
})

test('two are ticked, listed, and restarted at once', async ({ page, scripted }, info) => {
  test.slow()
  const names = [scripted ? 'many-a-with' : 'many-a-without', scripted ? 'many-b-with' : 'many-b-without']
  for (const name of names) await declared(page, name)
  await page.goto(`/projects/${project}?search=${scripted ? '-with' : '-without'}`)
  for (const name of names) await page.getByRole('checkbox', { name: `Choose ${name}` }).check()
  await page.getByRole('combobox', { name: 'With those ticked' }).selectOption({ label: 'Restart' })
  await page.getByRole('button', { name: 'Show what happens' }).click()
  await expect(page.getByRole('main')).toContainText('2 changes will be made')
  for (const name of names) await expect(page.getByRole('row', { name })).toContainText('New pods')
  await lookAt(page, 'bulk', info, scripted)
  await page.getByRole('button', { name: 'Restart: 2 changes' }).click()
  await expect(page).toHaveURL(new RegExp(`/projects/${project}$`))
  for (const name of names) {
    await expect(async () => {
      await page.goto(address(name))
      await expect(card(page)).toContainText('release 2', { timeout: 1_000 })
      await expect(card(page)).toContainText('Healthy', { timeout: 1_000 })
    }).toPass({ timeout: 40_000 })
  }
})
