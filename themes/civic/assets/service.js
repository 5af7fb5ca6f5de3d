// Results and suggestions of a service (`gen api`) in place of those of the index, where the option `search_api` names one.
window.genService = ({ api, site }, hrefOf, filters, size) => {
  const most = 200;

  async function ask(what, given) {
    const answer = await fetch(api + what + hrefOf(given));
    if (!answer.ok) throw Object.assign(new Error(what), { status: answer.status });
    const result = await answer.json();
    if (!Array.isArray(result.hits)) throw new Error(what);
    return result;
  }

  // On the page of one site, of that alone. A filter that the service doesn't know leaves nothing.
  async function search(given) {
    const asked = { ...given, site: site || given.site, page: Math.min(given.page, most) };
    try {
      const result = await ask("search", asked), pages = Math.ceil(result.total / size);
      if (pages && asked.page > pages) return search({ ...given, page: pages });
      if (site && result.facets) result.facets.site = [];
      return result;
    } catch (error) {
      if (error.status === 400 && filters.some(which => given[which])) return { total: 0 };
      throw error;
    }
  }

  return { most, search, suggest: q => q.trim() ? ask("suggest", { q }) : {} };
};
