/**
 * Registers the tag `playground` with Hexo, which loads every package whose name begins with `hexo-` and gives it `hexo`.
 *
 * What the tag becomes is `tag.js`'s; here it only gets the site's settings, and a mistake in a post gets the post's name.
 */
'use strict'

const { render, settingsOf } = require('./tag.js')

hexo.extend.tag.register('playground', function (words) {
  try {
    return render(words, settingsOf(hexo.config))
  } catch (error) {
    const post = this.source ?? this.path
    if (post) error.message += ` (in ${post})`
    throw error
  }
})

const { server, script } = hexo.config.playground ?? {}
if (script === true && server) {
  hexo.extend.injector.register('body_end', () => `<script src="${settingsOf(hexo.config).server}embed/v1/host.js" async></script>`)
}
