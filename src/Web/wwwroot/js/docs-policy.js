// Lets Scalar's bundle run under a policy without anything unsafe. Before the bundle, and so no module.
(() => {
  const nonce = document.querySelector('meta[property="csp-nonce"]').content;

  // Its main stylesheet takes the nonce by itself; those of the libraries in it do not.
  const create = Document.prototype.createElement;
  Document.prototype.createElement = function createElement(name, options) {
    const element = create.call(this, name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };

  // As an attribute a style is inline and refused; by its own property it is not.
  const set = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function setAttribute(name, value) {
    if (name === 'style') this.style.cssText = value;
    else set.call(this, name, value);
  };

  const inner = Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML');
  Object.defineProperty(Element.prototype, 'innerHTML', {
    ...inner,
    set(markup) {
      inner.set.call(this, String(markup).replace(/ style="([^"]*)"/g, ' data-style="$1"'));
      for (const element of this.querySelectorAll('[data-style]')) element.style.cssText = element.dataset.style;
    },
  });

  // It asks by trying whether code may be made of text, and does without.
  window.Function = new Proxy(Function, {
    apply() { throw new EvalError('The policy of this page does not let text be run.'); },
    construct() { throw new EvalError('The policy of this page does not let text be run.'); },
  });
})();
