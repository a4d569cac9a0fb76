// The `test` of every file here: signed in, and failing when the browser had anything to complain of.
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'

import { signIn } from './people.ts'

type Mine = {
  /** Complaints that a test provokes on purpose. */
  forgive: RegExp[]
  quiet: void
  /** Whether the page may run its script. */
  scripted: boolean
}
type Shared = { session: string }

export const test = base.extend<Mine, Shared>({
  baseURL: async ({}, use) => {
    const url = process.env.TROUPE_URL
    if (!url) throw new Error('no server: support/server.ts starts it')
    await use(url)
  },

  scripted: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled !== false),

  // One sign-in a worker: hashing a password is slow on purpose.
  session: [
    async ({ browser }, use, { workerIndex }) => {
      const folder = resolve(import.meta.dirname, '../results/sessions')
      mkdirSync(folder, { recursive: true })
      const file = resolve(folder, `${workerIndex}.json`)
      const page = await browser.newPage({ baseURL: process.env.TROUPE_URL })
      await signIn(page)
      await expect(page).not.toHaveURL(/sign-in/)
      await page.context().storageState({ path: file })
      await page.close()
      await use(file)
    },
    { scope: 'worker' },
  ],
  storageState: async ({ session }, use) => use(session),

  forgive: [[], { option: true }],
  quiet: [
    async ({ context, forgive }, use) => {
      const complaints: string[] = []
      const watch = (page: Page) => {
        page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`))
        page.on('console', (message) => {
          // A broken content policy is told as an error; a sleeping island as a warning.
          const text = message.text()
          if (message.type() === 'error' || /content security policy|wasm function/i.test(text)) {
            complaints.push(`${message.type()}: ${text} (${message.location().url})`)
          }
        })
      }
      context.on('page', watch)
      await use()
      const left = complaints.filter((line) => !forgive.some((pattern) => pattern.test(line)))
      expect(left, 'the browser complained').toEqual([])
    },
    { auto: true },
  ],
})

/** For tests of people who have not signed in. */
export const stranger = { cookies: [], origins: [] }

export { expect }
