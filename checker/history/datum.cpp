#include "checker/history/datum.h"

#include "runtime/check.h"

#include <algorithm>
#include <bit>

namespace verdikt::checker::history {

double datum_view::real() const {
    return std::bit_cast<double>(at_->bits);
}

const node* datum_view::past() const {
    return is_vector() || is_map() ? at_ + at_->bits : at_ + 1;
}

datum_view::iterator& datum_view::iterator::operator++() {
    at_ = datum_view(at_, text_).past();
    return *this;
}

datum_view::iterator datum_view::iterator::operator++(int) {
    const iterator before = *this;
    ++*this;
    return before;
}

datum_view::iterator datum_view::begin() const {
    return {at_ + 1, text_};
}

datum_view::iterator datum_view::end() const {
    return {is_vector() || is_map() ? past() : at_ + 1, text_};
}

datum_view datum_view::operator[](std::size_t position) const {
    CHECK(position < size());
    return *std::next(begin(), static_cast<std::ptrdiff_t>(position));
}

std::optional<datum_view> datum_view::find(std::string_view name) const {
    if (!is_map()) return std::nullopt;
    for (iterator at = begin(); at != end(); ++at) {
        const datum_view key = *at;
        ++at;
        if (key.is_name() && key.name() == name) return *at;
    }
    return std::nullopt;
}

bool operator==(const datum_view& left, const datum_view& right) {
    if (left.what() != right.what()) return false;
    switch (left.what()) {
        case kind::nil:
            return true;
        case kind::boolean:
        case kind::integer:
        case kind::real:
            return left.at_->bits == right.at_->bits;
        case kind::text:
        case kind::keyword:
            return left.name() == right.name();
        case kind::vector:
        case kind::map:
            return left.size() == right.size() && std::ranges::equal(left, right);
    }
    return false;
}

datum_view datum::view() const {
    static constexpr node nil;
    CHECK(open_.empty());
    return nodes_.empty() ? datum_view(&nil, nullptr) : datum_view(nodes_.data(), text_.data());
}

void datum::clear() {
    nodes_.clear();
    text_.clear();
    open_.clear();
}

void datum::add(node what) {
    CHECK(nodes_.empty() || !open_.empty());
    if (!open_.empty()) ++nodes_[open_.back()].size;
    nodes_.push_back(what);
}

void datum::add_real(double what) {
    add({kind::real, 0, std::bit_cast<std::int64_t>(what)});
}

void datum::add_name(kind what, std::string_view letters) {
    add({what,
         static_cast<std::uint32_t>(letters.size()),
         static_cast<std::int64_t>(text_.size())});
    text_ += letters;
}

void datum::open(kind what) {
    add({what, 0, 0});
    open_.push_back(static_cast<std::uint32_t>(nodes_.size() - 1));
}

void datum::close() {
    CHECK(!open_.empty());
    node& container = nodes_[open_.back()];
    CHECK(container.what != kind::map || container.size % 2 == 0);
    container.bits = static_cast<std::int64_t>(nodes_.size() - open_.back());
    open_.pop_back();
}

// No recursion: the part is copied node by node, and the names are moved to this datum's text.
void datum::add(datum_view what) {
    CHECK(nodes_.empty() || !open_.empty());
    if (!open_.empty()) ++nodes_[open_.back()].size;
    for (const node* at = what.at_; at != what.past(); ++at) {
        node copy = *at;
        if (copy.what == kind::text || copy.what == kind::keyword) {
            copy.bits = static_cast<std::int64_t>(text_.size());
            text_ += datum_view(at, what.text_).name();
        }
        nodes_.push_back(copy);
    }
}

}  // namespace verdikt::checker::history
