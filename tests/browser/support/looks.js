/** What must hold for the looks of any page, whatever is on it. */

/**
 * All that is wrong with the layout: too wide for the screen, panels on top of
 * each other, words cut off in buttons and headings.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
export function layoutFaults(page) {
  return page.evaluate(() => {
    const faults = []
    const root = document.documentElement
    if (root.scrollWidth > root.clientWidth) faults.push(`the page is ${root.scrollWidth} px wide on ${root.clientWidth}`)

    const visible = element => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })
    const name = element => `${element.tagName.toLowerCase()}.${element.className} "${element.textContent.trim().slice(0, 30)}"`
    const panels = [...document.querySelectorAll('.panel')].filter(visible)
    panels.forEach((one, index) => panels.slice(index + 1).forEach(other => {
      if (one.contains(other) || other.contains(one)) return
      const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()]
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left)
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
      const floats = [one, other].some(panel => ['sticky', 'fixed'].includes(getComputedStyle(panel).position))
      if (wide > 1 && high > 1 && !floats) faults.push(`${name(one)} overlaps ${name(other)}`)
    }))

    for (const element of document.querySelectorAll('button, h1, h2, h3, label, summary, a')) {
      if (!visible(element) || element.classList.contains('unseen') || element.classList.contains('skip')) continue
      const cut = element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== 'visible'
      const meant = getComputedStyle(element).textOverflow === 'ellipsis'
      if (cut && !meant) faults.push(`cut off: ${name(element)}`)
    }
    for (const element of document.querySelectorAll('button, a, input, select')) {
      if (!visible(element) || element.classList.contains('skip')) continue
      const { left, right, width } = element.getBoundingClientRect()
      const scrolls = element.closest('[data-scrolls]') !== null || inScroller(element)
      if (width > 0 && !scrolls && (left < -1 || right > root.clientWidth + 1)) faults.push(`off the screen: ${name(element)}`)
    }
    return faults

    function inScroller(element) {
      for (let at = element.parentElement; at; at = at.parentElement) {
        if (['auto', 'scroll'].includes(getComputedStyle(at).overflowX) && at !== document.body) return true
      }
      return false
    }
  })
}

/**
 * Controls that are too small for a finger: 24 px each way (WCAG 2.2, 2.5.8), links in running text apart.
 * @param {import('playwright-core').Page} page
 */
export function smallTargets(page) {
  return page.evaluate(() => [...document.querySelectorAll('button, select, input, [role=treeitem], summary')]
    .filter(element => element.checkVisibility())
    .map(element => ({ element, box: (element.closest('label') ?? element).getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
    .map(({ element, box }) => `${element.tagName.toLowerCase()} "${element.ariaLabel ?? element.textContent.trim().slice(0, 30)}" is ${Math.round(box.width)} × ${Math.round(box.height)} px`))
}

/**
 * How many colours a canvas shows: 0 where there is no canvas, 1 where nothing is drawn.
 * @param {import('playwright-core').Locator} within
 */
export function coloursDrawn(within) {
  return within.evaluate(element => {
    const colours = new Set()
    for (const canvas of element.querySelectorAll('canvas')) {
      if (canvas.width === 0 || canvas.height === 0) continue
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      for (let at = 0; at < data.length; at += 4) colours.add(data[at] << 16 | data[at + 1] << 8 | data[at + 2])
    }
    return colours.size
  })
}
