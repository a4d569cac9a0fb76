// The way of a manifest through the portal, as a person goes it.
import { expect, type Page } from '@playwright/test'

/** Pastes a manifest and has the portal say what it would do. */
export async function plan(page: Page, manifest: string): Promise<void> {
  await page.goto('/apply')
  await page.getByRole('textbox', { name: 'Manifests', exact: true }).fill(manifest)
  await page.getByRole('button', { name: 'Show the plan' }).click()
}

/** Does what the plan on the page says. */
export async function carryOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Apply \d+ change/ }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Applied')
}
