/* A small reading application round foliate-js, as its documentation shows one: the book, its contents, its page list,
   notes as pop-ups, and reading aloud. What the tests want to know stands in `reader`. */
import './engine/view.js'
import { FootnoteHandler } from './engine/footnotes.js'
import { createTOCView } from './engine/ui/tree.js'

const find = selector => document.querySelector(selector)
const asked = new URLSearchParams(location.search)
const reader = { place: null, ticks: [], passed: [], problems: [] }
globalThis.reader = reader
addEventListener('unhandledrejection', ({ reason }) => reader.problems.push(String(reason)))

/* The engine keeps its player to itself; the page wants to hear what it plays. */
const Player = globalThis.Audio
globalThis.Audio = function (source) {
    const player = new Player(source)
    reader.player = player
    // Once the engine has said what it listens for: so it has acted on a tick when that is written down.
    queueMicrotask(() => {
        // A seek before the first sound makes a tick too: nothing sounds then, and nothing is marked.
        player.addEventListener('playing', () => { player.sounding = true })
        player.addEventListener('timeupdate', () => { if (player.sounding) tick(player) })
    })
    return player
}

const tick = player => {
    const time = player.currentTime
    const sound = reader.sound?.()
    setTimeout(() => {
        if (player !== reader.player || player.paused) return
        const [{ doc, index }] = reader.view.renderer.getContents()
        const active = [...doc.getElementsByClassName(reader.view.book.media.activeClass)]
        reader.ticks.push({
            time, sound, document: reader.view.book.sections[index].id,
            active: active.map(({ id }) => id), seen: active.every(reader.seen),
        })
    })
}

/* From now on each tick also holds what has just sounded: the last samples that came out of the player. */
reader.listen = async (samples, sampleRate) => {
    const context = new AudioContext({ sampleRate })
    await context.resume()
    const analyser = new AnalyserNode(context, { fftSize: samples })
    analyser.connect(context.destination)
    const connected = new WeakSet()
    reader.sound = () => {
        if (!connected.has(reader.player)) {
            context.createMediaElementSource(reader.player).connect(analyser)
            connected.add(reader.player)
            return null
        }
        const heard = new Float32Array(samples)
        analyser.getFloatTimeDomainData(heard)
        return [...heard]
    }
    reader.decode = async (name, seconds) => {
        const blob = await reader.view.book.loadBlob(name)
        const decoded = await context.decodeAudioData(await blob.arrayBuffer())
        const samples = decoded.getChannelData(0).subarray(0, seconds * sampleRate)
        return { duration: decoded.duration, samples: [...samples] }
    }
}

/* Where an element or range stands in the window, through the frame that its document is shown in. */
const inWindow = ({ x, y, width, height }, doc) => {
    const frame = doc.defaultView.frameElement.getBoundingClientRect()
    return new DOMRect(x + frame.x, y + frame.y, width, height)
}
/* Whether some of it stands in the part of the window that the book has. */
reader.seen = element => {
    if (!element) return false
    const page = find('#book').getBoundingClientRect()
    return [...element.getClientRects()].some(rect => {
        const { left, right, top, bottom } = inWindow(rect, element.ownerDocument)
        return left < page.right && right > page.left && top < page.bottom && bottom > page.top
    })
}
/* Turns to the page that an element stands on, in the book or in the note that has popped up. */
reader.turnTo = element => [reader.view, reader.note?.view].map(view => view?.renderer)
    .find(renderer => renderer?.getContents()[0].doc === element.ownerDocument).scrollToAnchor(element)
reader.shown = () => reader.view.renderer.getContents()[0]?.doc
reader.target = href => {
    const { index, anchor } = reader.view.book.resolveHref(href)
    const [now] = reader.view.renderer.getContents()
    return now?.index === index ? anchor(now.doc) : null
}
/* A typeface of the application's own, as reading systems have one: whatever the machine's is, lines are as long. */
const faces = ['400-normal', '400-italic', '600-normal', '600-italic'].map(face => {
    const [weight, style] = face.split('-')
    return `@font-face { font-family: "Reader"; font-style: ${style}; font-weight: ${weight};
        src: url("${location.origin}/fonts/source-serif-4-latin-${face}.woff2"); }`
}).join('\n')
reader.styles = ({ size = 100, hideNotes = false } = {}) => `
    @namespace epub "http://www.idpf.org/2007/ops";
    ${faces}
    html { font-family: "Reader"; color-scheme: light dark; font-size: ${size}%; }
    ${hideNotes ? 'aside[epub|type~="footnote"] { display: none; }' : ''}
`
const words = found => typeof found === 'string' ? found : Object.values(found ?? {})[0] ?? ''

const notes = new FootnoteHandler()
notes.addEventListener('before-render', ({ detail: { view } }) => {
    find('#note-text').replaceChildren(view)
    find('#note').showModal()
    view.renderer.setAttribute('flow', 'scrolled')
    view.renderer.setStyles(reader.styles())
    view.addEventListener('link', event => {
        event.preventDefault()
        find('#note').close()
        reader.view.goTo(event.detail.href)
    })
})
notes.addEventListener('render', ({ detail: { view, href, type, hidden, target } }) => {
    reader.note = { view, href, type, hidden, id: target.id, doc: target.ownerDocument }
})
find('#close').addEventListener('click', () => find('#note').close())
find('#note').addEventListener('close', () => { reader.note = null })

const open = async () => {
    const view = document.createElement('foliate-view')
    reader.view = view
    find('#book').append(view)
    document.body.classList.toggle('narrow', asked.has('narrow'))
    await view.open(`books/${asked.get('book')}`)
    view.addEventListener('relocate', ({ detail }) => {
        const [{ index }] = view.renderer.getContents()
        const page = detail.pageItem?.label ?? null
        reader.place = { document: view.book.sections[index].id, page, contents: detail.tocItem?.label ?? null }
        if (reader.passed.at(-1) !== reader.place.document) reader.passed.push(reader.place.document)
    })
    view.addEventListener('link', event => {
        if (!asked.has('follow')) notes.handle(view.book, event)?.catch(error => reader.problems.push(String(error)))
    })
    if (asked.has('scrolled')) view.renderer.setAttribute('flow', 'scrolled')
    view.renderer.setStyles(reader.styles({ size: asked.get('size') ?? 100, hideNotes: asked.has('hide-notes') }))
    const { metadata, toc, pageList } = view.book
    document.title = words(metadata.title)
    find('#title').textContent = document.title
    const contents = createTOCView(toc, href => view.goTo(href))
    for (const item of contents.element.querySelectorAll('[aria-expanded]')) item.setAttribute('aria-expanded', 'true')
    find('#contents').append(contents.element)
    for (const { label, href } of pageList ?? []) {
        const link = Object.assign(document.createElement('a'), { href, textContent: label })
        link.addEventListener('click', event => {
            event.preventDefault()
            view.goTo(href)
        })
        find('#pages').append(link)
    }
    find('#listen').addEventListener('click', () => view.startMediaOverlay())
    await view.renderer.next()
    reader.open = true
}
open().catch(error => reader.problems.push(String(error)))
