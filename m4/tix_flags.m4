dnl SPDX-License-Identifier: MIT
dnl Compiler and linker flags: each is tried and taken only where the tools know it.

dnl TIX_TRY_CFLAG(FLAG, VARIABLE): append FLAG to VARIABLE if the compiler takes it.
AC_DEFUN([TIX_TRY_CFLAG], [
  AC_MSG_CHECKING([whether $CC takes $1])
  tix_save_CFLAGS=$CFLAGS
  CFLAGS="$CFLAGS -Werror $1"
  AC_COMPILE_IFELSE([AC_LANG_PROGRAM()],
    [AC_MSG_RESULT([yes]); $2="$$2 $1"], [AC_MSG_RESULT([no])])
  CFLAGS=$tix_save_CFLAGS
])

dnl TIX_TRY_LDFLAG(FLAG, VARIABLE): the same with a link.
AC_DEFUN([TIX_TRY_LDFLAG], [
  AC_MSG_CHECKING([whether the linker takes $1])
  tix_save_CFLAGS=$CFLAGS
  tix_save_LDFLAGS=$LDFLAGS
  CFLAGS="$CFLAGS -fPIE"
  LDFLAGS="$LDFLAGS $1"
  AC_LINK_IFELSE([AC_LANG_PROGRAM()],
    [AC_MSG_RESULT([yes]); $2="$$2 $1"], [AC_MSG_RESULT([no])])
  CFLAGS=$tix_save_CFLAGS
  LDFLAGS=$tix_save_LDFLAGS
])

AC_DEFUN([TIX_WARNINGS], [
  WARN_CFLAGS=
  m4_foreach_w([tix_flag], [-Wall -Wextra -Wshadow -Wformat=2 -Wvla -Wnull-dereference
    -Wstrict-prototypes -Wmissing-prototypes -Wconversion -Wno-sign-conversion
    -Werror=implicit-function-declaration -Werror=incompatible-pointer-types],
    [TIX_TRY_CFLAG(tix_flag, [WARN_CFLAGS])])
  AS_IF([test "x$enable_werror" = xyes], [WARN_CFLAGS="$WARN_CFLAGS -Werror"])
  AC_SUBST([WARN_CFLAGS])
])

dnl _FORTIFY_SOURCE needs an optimising build and hides errors from the sanitizers.
AC_DEFUN([TIX_HARDENING], [
  HARD_CPPFLAGS=
  HARD_CFLAGS=
  HARD_LDFLAGS=
  m4_foreach_w([tix_flag], [-fPIE -fstack-protector-strong -fstack-clash-protection
    -fcf-protection],
    [TIX_TRY_CFLAG(tix_flag, [HARD_CFLAGS])])
  m4_foreach([tix_flag], [[-pie], [[-Wl,-z,relro]], [[-Wl,-z,now]], [[-Wl,--as-needed]]],
    [TIX_TRY_LDFLAG(tix_flag, [HARD_LDFLAGS])])
  AC_MSG_CHECKING([whether to fortify])
  AC_COMPILE_IFELSE([AC_LANG_SOURCE([[
#ifndef __OPTIMIZE__
#error not optimising
#endif
int dummy;
]])], [tix_fortify=yes], [tix_fortify=no])
  AS_IF([test "x$enable_asan$enable_tsan" != x], [tix_fortify=no])
  AC_MSG_RESULT([$tix_fortify])
  AS_IF([test $tix_fortify = yes], [HARD_CPPFLAGS="-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3"])
  AC_SUBST([HARD_CPPFLAGS])
  AC_SUBST([HARD_CFLAGS])
  AC_SUBST([HARD_LDFLAGS])
])

AC_DEFUN([TIX_SANITIZERS], [
  SAN_CFLAGS=
  AS_IF([test "x$enable_asan" = xyes],
    [SAN_CFLAGS="-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer"])
  AS_IF([test "x$enable_tsan" = xyes],
    [SAN_CFLAGS="-fsanitize=thread -fno-omit-frame-pointer"])
  AS_IF([test -n "$SAN_CFLAGS"], [
    tix_san_save=$CFLAGS
    CFLAGS="$CFLAGS $SAN_CFLAGS"
    AC_LINK_IFELSE([AC_LANG_PROGRAM()], [],
      [AC_MSG_ERROR([$CC cannot link with $SAN_CFLAGS])])
    CFLAGS=$tix_san_save
  ])
  AC_SUBST([SAN_CFLAGS])
])
