//! Functions on their way to another process of the same program.
//!
//! The kernel loads a program at another address each time, but always in one
//! piece: a function lies in every process of it at the same distance from any
//! other part. That distance is what travels. (Python sends the name of the
//! function's module and its own and looks it up.)

/// What distances are measured from. A static has one address in a program; a function may be copied by the compiler.
static ORIGIN: u8 = 0;

fn origin() -> usize {
    (&raw const ORIGIN).addr()
}

/// From the origin to an address in this program.
pub(crate) fn distance(address: usize) -> i64 {
    address.wrapping_sub(origin()) as i64
}

/// The address at a distance that another process of this program has measured.
pub(crate) fn address(distance: i64) -> usize {
    origin().wrapping_add(distance as usize)
}

/// The function, given that it is one: a value of a type that has only one value.
///
/// A closure that captures something does not compile here. In Python it fails
/// when it is sent: `Can't pickle local object`.
///
/// # Safety
/// `F` is inhabited: somebody has, or had, a value of it.
pub(crate) unsafe fn function<F: Copy>() -> F {
    const {
        assert!(
            size_of::<F>() == 0,
            "Can't pickle local object: only a function, or a closure that captures nothing, travels to another process"
        )
    };
    // SAFETY: `F` has no bytes, so there is nothing to initialise; it is inhabited, as the caller says, and `Copy`, so a
    // further value does no harm.
    unsafe { std::mem::zeroed() }
}
