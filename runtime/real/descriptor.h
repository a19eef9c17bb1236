/// A file descriptor with an owner.
#pragma once

#include <unistd.h>

#include <utility>

namespace verdikt::runtime::real {

class descriptor {
  public:
    descriptor() = default;
    explicit descriptor(int number) : number_(number) {}
    descriptor(descriptor&& other) noexcept : number_(other.release()) {}
    descriptor& operator=(descriptor&& other) noexcept {
        if (this != &other) reset(other.release());
        return *this;
    }
    ~descriptor() { reset(); }

    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] int release() { return std::exchange(number_, -1); }

  private:
    void reset(int number = -1) {
        if (number_ >= 0) ::close(number_);
        number_ = number;
    }

    int number_ = -1;
};

}  // namespace verdikt::runtime::real
